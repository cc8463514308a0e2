// The thread of a Membership: joins again under a new lease, and removes what stands there in
// doubt.
#include "base/log.h"
#include "base/retry.h"
#include "tooz/recipes/groups.h"
#include "tooz/recipes/membership.h"
#include "tooz/recipes/names.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

using std::chrono::seconds;
constexpr auto kFirstPause = std::chrono::milliseconds(500);
constexpr auto kLongestPause = seconds(10);
constexpr auto kLookAgain = seconds(60);  ///< an idle thread looks around this often

}  // namespace

void Membership::run() {
  Env& env = core_->env;
  const auto stop = core_->stopping.get_token();
  base::Backoff backoff(env, kFirstPause, kLongestPause);
  Broadcast::Ticket ticket(env, core_->sessions.changed());
  while (!stop.stop_requested()) {
    const auto lease = core_->sessions.current();
    try {
      if (lease && (settled(*lease) || rejoin(lease))) {
        resolve_doubts();
        backoff.reset(kFirstPause);
      }
      auto next = env.now() + kLookAgain;  // without a lease: changed() tells of the next one
      if (lease && settled(*lease))
        next = std::min(next, next_doubt());
      else if (lease)
        next = env.now() + backoff.next();
      ticket.wait_until(next, stop);
    } catch (const std::exception& error) {
      base::log_debug("tooz.member", "will be tried again", {{"error", error.what()}});
      env.sleep_for(backoff.next(), stop);
    }
  }
}

bool Membership::settled(const Lease& lease) const {
  if (settled_ != lease.id()) return false;
  const std::lock_guard lock(mutex_);
  return std::ranges::all_of(places_, [&](const auto& p) { return p.second.stands_under(lease); });
}

// False: somebody else has our id.
bool Membership::rejoin(const LeasePtr& lease) {
  Lost lost;
  {
    const Turn::Hold turn(core_->env, turn_, core_->stopping.get_token());
    if (!turn || !rejoin_all(lease, lost.groups)) return false;
  }
  const bool first = settled_ == SessionId::kNone && lost.groups.empty();
  settled_ = lease->id();
  if (first) return true;
  core_->meter.add(Metrics::Count::kRejoined, lost.groups.size());
  base::log_info("tooz.member", "joined again", {{"member", core_->member_id}});
  auto others = core_->losses.take();
  lost.locks = std::move(others.locks);
  lost.permits = std::move(others.permits);
  lost.leaderships = std::move(others.leaderships);
  if (on_rejoined_) on_rejoined_(lost);
  return true;
}

bool Membership::rejoin_all(const LeasePtr& lease, std::vector<std::string>& groups) {
  for (const auto& [group, place] : places()) {
    if (place.stands_under(*lease)) continue;
    if (!claim_.take(*lease, core_->stopping.get_token())) return false;
    auto again = enter_again(lease, group, place.capabilities);
    if (!again) return false;
    keep(group, std::move(*again));
    groups.push_back(group);
  }
  return true;
}

// A group that is gone lost its members first, us among them: we are what makes it one again.
std::optional<Membership::Place> Membership::enter_again(const LeasePtr& lease,
                                                         const std::string& group,
                                                         const std::string& capabilities) {
  try {
    return enter(lease, group, capabilities);
  } catch (const Error& error) {
    if (error.code() != Errc::kNoSuchGroup) throw;
  }
  base::log_warning("tooz.member", "the group was gone; it is made again", {{"group", group}});
  create_group(*core_->backend, group);
  return enter(lease, group, capabilities);
}

void Membership::resolve_doubts() {
  const auto now = core_->env.now();
  std::vector<std::string> due;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(doubts_, [](const auto& d) { return d.second.lease->lost().stop_requested(); });
    for (const auto& [group, doubt] : doubts_)
      if (doubt.due <= now) due.push_back(group);
  }
  for (const std::string& group : due)
    resolve(group);
}

void Membership::resolve(const std::string& group) {
  const Turn::Hold turn(core_->env, turn_, core_->stopping.get_token());
  Doubt doubt;
  {
    const std::lock_guard lock(mutex_);
    const auto found = doubts_.find(group);
    if (!turn || found == doubts_.end()) return;  // joined again meanwhile
    doubt = found->second;
  }
  remove_key(*doubt.lease, group);
  doubt.due = core_->env.now() + doubt.lease->ttl();
  const bool done = !std::exchange(doubt.may_come, false);
  const std::lock_guard lock(mutex_);
  if (done)
    doubts_.erase(group);
  else
    doubts_[group] = std::move(doubt);
}

Env::TimePoint Membership::next_doubt() const {
  auto next = Env::TimePoint::max();
  const std::lock_guard lock(mutex_);
  for (const auto& [group, doubt] : doubts_)
    next = std::min(next, doubt.due);
  return next;
}

}  // namespace tooz
