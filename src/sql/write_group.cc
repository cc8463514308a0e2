#include "sql/write_group.h"

#include <algorithm>
#include <utility>

namespace sql {

void WriteGroup::run(const Body& body) {
  const auto self = std::make_shared<Member>(body, env_.make_event());
  auto state = enter(self);
  if (state == Member::State::kWaiting) state = wait_for_turn(self);
  if (state == Member::State::kLeads) lead();
  // Taken out, so that the exception ends on this thread and not where it was thrown.
  if (self->failure) std::rethrow_exception(std::exchange(self->failure, nullptr));
}

WriteGroup::Member::State WriteGroup::enter(const MemberPtr& self) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(self);
  if (!std::exchange(led_, true)) self->state = Member::State::kLeads;
  return self->state;
}

/// Returns kLeads or kDone. Who is being executed waits for the end of it, however long that takes:
/// the other thread uses what he owns.
WriteGroup::Member::State WriteGroup::wait_for_turn(const MemberPtr& self) {
  const auto deadline = env_.after(wait_);
  bool in_time = true;
  for (;;) {
    in_time = self->woken->wait_until(in_time ? deadline : env_.after(wait_), {});
    const std::lock_guard lock(mutex_);
    if (self->state == Member::State::kLeads || self->state == Member::State::kDone)
      return self->state;
    if (!in_time && self->state == Member::State::kWaiting) {
      std::erase(waiting_, self);
      throw Error(Errc::kUnreachable, "no database connection became free in time");
    }
  }
}

/// Executes whoever waits, himself among them, and hands the lead on.
void WriteGroup::lead() {
  std::vector<MemberPtr> members;
  {
    const std::lock_guard lock(mutex_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMost));
    members.assign(waiting_.begin(), waiting_.begin() + count);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    for (const MemberPtr& each : members)
      each->state = Member::State::kTaken;
  }
  try {
    execute_(Batch(members.begin(), members.end()));
  } catch (...) {
    for (const MemberPtr& each : members)
      if (!each->failure) each->failure = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    for (const MemberPtr& each : members)
      each->state = Member::State::kDone;
    led_ = !waiting_.empty();
    if (led_) {
      waiting_.front()->state = Member::State::kLeads;
      members.push_back(waiting_.front());
    }
  }
  for (const MemberPtr& each : members)
    each->woken->set();
}

}  // namespace sql
