#include "tooz/recipes/cleaner.h"

#include "base/log.h"
#include "tooz/error.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

constexpr std::size_t kMost = 1000;
constexpr auto kPause = std::chrono::seconds(1);       ///< after a call without an answer
constexpr auto kLookAgain = std::chrono::seconds(60);  ///< an idle thread looks around this often

}  // namespace

Cleaner::Cleaner(Env& env, Backend& backend)
    : env_(env),
      backend_(backend),
      thread_(env.spawn("tooz-cleaner", [this](const std::stop_token& stop) { run(stop); })) {}

void Cleaner::add(Leftover leftover) noexcept {
  std::shared_ptr<Lease> crowded;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(leftovers_, [](const Leftover& l) { return l.lease->lost().stop_requested(); });
    if (leftovers_.size() < kMost)
      leftovers_.push_back(std::move(leftover));
    else
      crowded = std::move(leftover.lease);
  }
  if (crowded) {
    base::log_error("tooz.cleaner", "too many unanswered requests to tidy up: the lease is ended");
    crowded->lose();
  }
  added_.notify();
}

void Cleaner::soon(std::function<void()> errand) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    if (errands_.size() < kMost) errands_.push_back(std::exchange(errand, nullptr));
  }
  if (errand)
    errand();
  else
    added_.notify();
}

// An errand may hold whoever owns this: one that was kept would keep its owner, and so itself.
void Cleaner::stop() {
  thread_.reset();
  std::deque<std::function<void()>> dropped;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  dropped.swap(errands_);
}

void Cleaner::do_errands(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::function<void()> errand;
    {
      const std::lock_guard lock(mutex_);
      if (errands_.empty()) return;
      errand = std::move(errands_.front());
      errands_.pop_front();
    }
    errand();
  }
}

void Cleaner::run(const std::stop_token& stop) {
  Broadcast::Ticket ticket(env_, added_);
  while (!stop.stop_requested()) {
    do_errands(stop);
    bool answered = true;
    for (auto& leftover : take_due(env_.now())) {
      answered = answered && !stop.stop_requested() && remove(leftover);
      if (answered && !std::exchange(leftover.may_come, false)) continue;
      leftover.due = env_.now() + (answered ? leftover.lease->ttl() : kPause);
      add(std::move(leftover));
    }
    // Not sooner because of what is added meanwhile: that would not be answered either.
    if (!answered)
      env_.sleep_for(kPause, stop);
    else
      ticket.wait_until(std::min(next_due(), env_.now() + kLookAgain), stop);
  }
}

std::deque<Leftover> Cleaner::take_due(Env::TimePoint now) {
  std::deque<Leftover> due;
  const std::lock_guard lock(mutex_);
  for (auto& leftover : std::exchange(leftovers_, {}))
    if (!leftover.lease->lost().stop_requested())
      (leftover.due <= now ? due : leftovers_).push_back(std::move(leftover));
  return due;
}

Env::TimePoint Cleaner::next_due() const {
  auto next = Env::TimePoint::max();
  const std::lock_guard lock(mutex_);
  for (const auto& leftover : leftovers_)
    next = std::min(next, leftover.due);
  return next;
}

// False: no answer.
bool Cleaner::remove(const Leftover& leftover) noexcept {
  try {
    if (leftover.revision != 0) {
      backend_.remove(leftover.key, leftover.revision);
      return true;
    }
    const auto found = backend_.get(leftover.key);
    if (found && found->value == leftover.value) backend_.remove(leftover.key, found->revision);
    return true;
  } catch (const std::exception& error) {
    base::log_debug("tooz.cleaner", "no answer yet", {{"error", error.what()}});
    return false;
  }
}

}  // namespace tooz
