#include "tooz/recipes/group_watch.h"

#include "base/retry.h"
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/names.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

using std::chrono::seconds;
constexpr auto kFirstPause = std::chrono::milliseconds(100);
constexpr auto kLongestPause = seconds(2);
constexpr auto kLookAgain = std::chrono::minutes(5);  ///< whatever the backend tells
constexpr auto kCatchUp = seconds(2);
constexpr std::size_t kMostEvents = 4096;  ///< kept for readers

}  // namespace

GroupWatch::GroupWatch(std::shared_ptr<Core> core, std::string group)
    : core_(std::move(core)),
      group_(std::move(group)),
      prefix_(group_key(group_)),
      state_(prefix_, core_->meter),
      waiting_since_(Env::TimePoint::max()),
      thread_(core_->env.spawn("tooz-group", [this](const std::stop_token& stop) { run(stop); })) {}

void GroupWatch::refresh() {
  std::stop_source wait = [this] {
    const std::lock_guard lock(mutex_);
    wanted_ = begun_ + 1;
    return wait_;
  }();
  wait.request_stop();
}

void GroupWatch::run(const std::stop_token& stop) {
  Env& env = core_->env;
  const AnyStop end(stop, core_->stopping.get_token());
  base::Backoff backoff(env, kFirstPause, kLongestPause);
  while (!end.requested()) {
    try {
      round(end.token());
      backoff.reset(kFirstPause);
      continue;
    } catch (const Error& error) {
      note_failure(error);
    } catch (const std::exception& error) {
      note_failure(Error(Errc::kUnreachable, error.what()));
    }
    in_doubt_ = true;
    env.sleep_for(backoff.next(), end.token());
  }
}

// Looks where that is needed, then waits for a change.
void GroupWatch::round(const std::stop_token& end) {
  std::stop_source wait;
  bool wanted = false;
  {
    const std::lock_guard lock(mutex_);
    wait_ = wait;
    wanted = wanted_ > shown_;
  }
  if (in_doubt_ || wanted) look(end);
  in_doubt_ = false;
  const AnyStop until(end, wait.get_token());
  follow(until.token());
}

void GroupWatch::look(const std::stop_token& end) {
  std::uint64_t number = 0;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    number = ++begun_;
    first = !listed_;
  }
  const auto sent = core_->env.now();
  const Snapshot seen = core_->backend->list(prefix_);
  if (first)
    take_over(seen, sent);
  else if (!state_.equals(seen))
    catch_up(seen, sent, end);
  {
    const std::lock_guard lock(mutex_);
    listed_ = true;
    shown_ = number;
    as_of_ = std::max(as_of_, sent);
    failure_.reset();
  }
  changed_.notify();
}

// Leads to `seen`, or to what came after it, by all that has happened in between.
void GroupWatch::catch_up(const Snapshot& seen, Env::TimePoint as_of, const std::stop_token& end) {
  const auto deadline = core_->env.now() + kCatchUp;
  while (at_ < seen.at && !state_.equals(seen)) {
    const auto changes = core_->backend->next_changes(prefix_, at_, deadline, end);
    if (!changes || changes->list.empty()) {
      gap_ = true;
      return take_over(seen, as_of);
    }
    at_ = changes->at;
    publish(state_.apply(*changes), core_->env.now());
  }
}

void GroupWatch::take_over(const Snapshot& seen, Env::TimePoint as_of) {
  at_ = seen.at;
  publish(state_.replace(seen), as_of);
}

void GroupWatch::follow(const std::stop_token& until) {
  Env& env = core_->env;
  const auto began = env.now();
  const auto waiting = [this](Env::TimePoint since) {
    const std::lock_guard lock(mutex_);
    waiting_since_ = since;
  };
  waiting(began);
  std::optional<Changes> changes;
  try {
    changes = core_->backend->next_changes(prefix_, at_, began + kLookAgain, until);
  } catch (...) {
    waiting(Env::TimePoint::max());
    throw;
  }
  waiting(Env::TimePoint::max());
  if (!changes && until.stop_requested()) return;
  if (!changes) {
    const auto sent = env.now();
    const Snapshot seen = core_->backend->list(prefix_);
    gap_ = gap_ || !state_.equals(seen);
    take_over(seen, sent);
  } else if (changes->list.empty()) {
    in_doubt_ = !until.stop_requested();
  } else {
    at_ = changes->at;
    publish(state_.apply(*changes), core_->env.now());
  }
}

void GroupWatch::publish(GroupState::Events events, Env::TimePoint as_of) {
  Members members = state_.members();
  core_->meter.add(Metrics::Count::kGroupEvents, events.size());
  if (gap_ && !events.empty()) core_->meter.add(Metrics::Count::kGaps);
  if (!events.empty()) events.front().gap = std::exchange(gap_, false);
  {
    const std::lock_guard lock(mutex_);
    exists_ = state_.exists();
    if (!events.empty()) members_ = std::move(members);
    as_of_ = as_of;
    for (GroupEvent& event : events)
      events_.push_back(std::move(event));
    for (; events_.size() > kMostEvents; ++dropped_)
      events_.pop_front();
  }
  changed_.notify();
}

void GroupWatch::note_failure(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = error;
  }
  changed_.notify();
}

}  // namespace tooz
