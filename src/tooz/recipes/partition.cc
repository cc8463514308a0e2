#include "tooz/partition.h"

#include "tooz/recipes/group_watch.h"
#include "tooz/value.h"

#include <algorithm>

namespace tooz {
namespace {

unsigned weight_of(const Member& member) {
  constexpr std::int64_t kMost = 1000;
  const Value* weight = member.capabilities->find("weight");
  if (!weight) return 1;
  const std::int64_t* number = weight->integer();
  if (number && *number >= 0 && *number <= kMost) return static_cast<unsigned>(*number);
  throw Error(Errc::kBadWeight, "the weight of `" + member.id + "` is not from 0 to 1000");
}

}  // namespace

Partition::Partition(std::shared_ptr<GroupWatch> watch, std::string member, unsigned partitions)
    : watch_(std::move(watch)), member_(std::move(member)), partitions_(partitions) {}

std::shared_ptr<const HashRing> Partition::ring() { return ring_of(watch_->view().members); }

std::shared_ptr<const HashRing> Partition::ring_of(const Members& members) {
  {
    const std::lock_guard lock(mutex_);
    if (ring_ && members_.same_as(members)) return ring_;
  }
  HashRing::Weights weights;
  for (const Member& member : members)
    weights.emplace(member.id, weight_of(member));
  auto fresh = std::make_shared<const HashRing>(weights, partitions_);
  const std::lock_guard lock(mutex_);
  members_ = members;
  ring_ = fresh;
  return fresh;
}

std::vector<std::string> Partition::owners(std::string_view key, std::size_t replicas) {
  return ring()->owners(key, replicas);
}

std::optional<std::string> Partition::owner(std::string_view key) {
  auto found = owners(key, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool Partition::is_mine(std::string_view key) { return owner(key) == member_; }

Partition::Share Partition::share_in(const HashRing& ring) const {
  Share share{ring.arcs(member_)};
  share.fraction = HashRing::fraction(share.arcs);
  return share;
}

Partition::Share Partition::share() { return share_in(*ring()); }

// Nobody, where there is no such group.
Members Partition::members_now() {
  try {
    return watch_->view().members;
  } catch (const Error& error) {
    if (error.code() != Errc::kNoSuchGroup) throw;
    return {};
  }
}

Partition::Share Partition::next_share(const Share& seen, std::stop_token stop) {
  Follower reader(watch_);
  Members members = members_now();
  while (!stop.stop_requested()) {
    try {
      const Share now = share_in(*ring_of(members));
      if (now != seen) return now;
    } catch (const Error& error) {
      if (error.code() != Errc::kBadWeight) throw;
    }
    const GroupChange change = reader.next(stop);
    if (change.events.empty()) break;
    members = change.members;
  }
  return seen;
}

}  // namespace tooz
