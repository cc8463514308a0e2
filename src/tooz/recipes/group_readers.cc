// What readers of a GroupWatch see.
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/group_watch.h"
#include "tooz/value.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

constexpr auto kLookAgain = std::chrono::seconds(60);

// What leads from one to the other.
void sum_up(const Members& from, const Members& to, GroupChange& change) {
  auto old = from.begin();
  for (const Member& member : to) {
    for (; old != from.end() && old->id < member.id; ++old)
      change.left.push_back(*old);
    const bool was = old != from.end() && old->id == member.id;
    if (was && old->incarnation == member.incarnation) {
      if (old->capabilities != member.capabilities && *old->capabilities != *member.capabilities)
        change.changed.push_back(member);
    } else {
      if (was) change.left.push_back(*old);
      change.joined.push_back(member);
    }
    if (was) ++old;
  }
  change.left.insert(change.left.end(), old, from.end());
}

// Where the events themselves are not known.
void events_from_sum(GroupChange& change, bool gap) {
  const auto add = [&](GroupEvent::Kind kind, const std::vector<Member>& members) {
    for (const Member& member : members)
      change.events.push_back({kind, member, std::exchange(gap, false)});
  };
  add(GroupEvent::Kind::kLeft, change.left);
  add(GroupEvent::Kind::kJoined, change.joined);
  add(GroupEvent::Kind::kChanged, change.changed);
}

}  // namespace

const Member* Members::find(std::string_view id) const noexcept {
  const auto found = std::ranges::lower_bound(*list_, id, {}, &Member::id);
  return found != list_->end() && found->id == id ? &*found : nullptr;
}

GroupChange Follower::next(std::stop_token stop) { return watch_->next(*this, std::move(stop)); }

View GroupWatch::view() {
  const auto confirmed = core_->sessions.confirmed();
  std::optional<Broadcast::Ticket> ticket;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      const bool good = listed_ && (shown_ >= wanted_ || failure_);
      if (good && !exists_) throw Error(Errc::kNoSuchGroup, group_);
      // An answer to a renewal that was sent while a change would have been told to us.
      const bool still = !failure_ && confirmed > waiting_since_;
      if (good) return {members_, still ? std::max(as_of_, confirmed) : as_of_};
      if (failure_) throw Error(*failure_);
    }
    const auto stopping = core_->stopping.get_token();
    if (stopping.stop_requested()) throw Error(Errc::kSessionLost, "the coordinator has stopped");
    if (ticket)
      ticket->wait_until(core_->env.now() + kLookAgain, stopping);
    else
      ticket.emplace(core_->env, changed_);
  }
}

GroupChange GroupWatch::next_change(std::stop_token stop) {
  return next(shared_reader_, std::move(stop));
}

GroupChange GroupWatch::next(Follower& reader, std::stop_token stop) {
  const AnyStop end(std::move(stop), core_->stopping.get_token());
  Broadcast::Ticket ticket(core_->env, changed_);
  while (!end.requested()) {
    if (auto change = take_change(reader)) return std::move(*change);
    ticket.wait_until(core_->env.now() + kLookAgain, end.token());
  }
  return {};
}

// None: nothing has happened since it was asked last.
std::optional<GroupChange> GroupWatch::take_change(Follower& reader) {
  GroupChange change;
  const std::lock_guard lock(mutex_);
  const std::uint64_t last = dropped_ + events_.size();
  const bool complete = !reader.fresh_ && reader.seen_ >= dropped_;
  if (reader.fresh_ ? members_.empty() : reader.seen_ == last) return std::nullopt;
  sum_up(reader.members_, members_, change);
  if (complete)
    change.events.assign(events_.end() - static_cast<std::ptrdiff_t>(last - reader.seen_),
                         events_.end());
  else
    events_from_sum(change, !reader.fresh_);
  change.gap = std::ranges::any_of(change.events, &GroupEvent::gap);
  change.members = reader.members_ = members_;
  reader.seen_ = last;
  reader.fresh_ = false;
  return change;
}

}  // namespace tooz
