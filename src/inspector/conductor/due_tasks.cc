#include "inspector/conductor/due_tasks.h"

#include <algorithm>

namespace inspector {
namespace {

/// A wait for work is cut in pieces, so that no wait is without an end.
constexpr base::Env::Duration kLook = std::chrono::hours(1);

}  // namespace

DueTasks::DueTasks(base::Env& env)
    : env_(env),
      changed_(env.make_event()),
      thread_(env_.spawn("turns", [this](const std::stop_token& stop) { run(stop); })) {}

bool DueTasks::add(base::Env::TimePoint due, const Task& task) {
  const bool at_once = env_.now() >= due;
  {
    const std::lock_guard guard(mutex_);
    if (closed_) return false;
    if (!at_once) waiting_.emplace(due, task);
  }
  if (at_once)
    task();
  else
    changed_->set();
  return true;
}

std::size_t DueTasks::close() {
  std::unique_ptr<base::Env::Thread> thread;
  std::multimap<base::Env::TimePoint, Task> dropped;
  {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    thread.swap(thread_);
  }
  thread.reset();
  const std::lock_guard guard(mutex_);
  dropped.swap(waiting_);
  return dropped.size();
}

std::size_t DueTasks::waiting() const {
  const std::lock_guard guard(mutex_);
  return waiting_.size();
}

void DueTasks::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto now = env_.now();
    auto next = env_.after(kLook);
    Task task;
    {
      const std::lock_guard guard(mutex_);
      const auto first = waiting_.begin();
      if (first != waiting_.end() && first->first <= now) {
        task = std::move(first->second);
        waiting_.erase(first);
      } else if (first != waiting_.end()) {
        next = std::min(next, first->first);
      }
    }
    if (task)
      task();
    else
      changed_->wait_until(next, stop);
  }
}

}  // namespace inspector
