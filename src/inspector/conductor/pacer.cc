#include "inspector/conductor/pacer.h"

namespace inspector {
namespace {

/// A wait for work is cut in pieces, so that no wait is without an end.
constexpr base::Env::Duration kLook = std::chrono::hours(1);

}  // namespace

Pacer::Pacer(base::Env& env, base::Env::Duration delay, std::size_t max_waiting)
    : env_(env),
      delay_(delay),
      max_waiting_(max_waiting),
      arrived_(env.make_event()),
      empty_(env.make_event()) {
  if (paced())
    thread_ = env_.spawn("pacer", [this](const std::stop_token& stop) { give_turns(stop); });
}

Pacer::~Pacer() { drain(env_.now()); }

bool Pacer::submit(Task task) {
  std::unique_lock guard(mutex_);
  if (closed_ || waiting_.size() >= max_waiting_) return false;
  if (!paced()) {
    guard.unlock();
    task();
    return true;
  }
  waiting_.push_back(std::move(task));
  guard.unlock();
  arrived_->set();
  return true;
}

bool Pacer::drain(base::Env::TimePoint deadline) {
  bool idle = false;
  {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    idle = waiting_.empty() && !busy_;
  }
  while (!idle && empty_->wait_until(deadline, {})) {
    const std::lock_guard guard(mutex_);
    idle = waiting_.empty() && !busy_;
  }
  thread_.reset();
  std::deque<Task> dropped;
  const std::lock_guard guard(mutex_);
  dropped.swap(waiting_);
  return dropped.empty() && !cut_off_;
}

std::size_t Pacer::waiting() const {
  const std::lock_guard guard(mutex_);
  return waiting_.size() + (busy_ ? 1 : 0);
}

Pacer::Task Pacer::next() {
  const std::lock_guard guard(mutex_);
  if (waiting_.empty()) return nullptr;
  Task task = std::move(waiting_.front());
  waiting_.pop_front();
  busy_ = true;
  return task;
}

void Pacer::give_turns(const std::stop_token& stop) {
  base::Env::TimePoint due = env_.now();
  while (!stop.stop_requested()) {
    Task task = next();
    if (!task) {
      empty_->set();
      arrived_->wait_until(env_.now() + kLook, stop);
      continue;
    }
    const bool its_turn = env_.sleep_until(due, stop);
    if (its_turn) {
      due = env_.now() + delay_;
      task();
    }
    const std::lock_guard guard(mutex_);
    busy_ = false;
    cut_off_ = !its_turn;
  }
}

}  // namespace inspector
