#pragma once
#include "base/env.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace inspector {

/// Spaces power-ons: gives turns in the order of arrival, `delay` apart, so that a rack's machines
/// do not all start at once. Whoever waits for a turn is a task in a bounded queue; no thread of a
/// pool waits with it. Counts for this process only. Thread-safe.
class Pacer {
 public:
  using Task = std::function<void()>;  ///< runs on the pacer's thread: quick, must not throw

  /// Without a delay (zero or less) there is no thread, and a task runs in submit().
  Pacer(base::Env& env, base::Env::Duration delay, std::size_t max_waiting);
  ~Pacer();  ///< drops who still waits
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  /// False: the queue is full, or drain() was called; the task will not run. Never blocks.
  bool submit(Task task);

  /// Takes no more tasks and waits until all had their turn. False: `deadline` came first; the rest
  /// is dropped.
  bool drain(base::Env::TimePoint deadline);

  std::size_t waiting() const;

 private:
  bool paced() const noexcept { return delay_ > base::Env::Duration::zero(); }
  void give_turns(const std::stop_token& stop);
  Task next();

  base::Env& env_;
  const base::Env::Duration delay_;
  const std::size_t max_waiting_;
  mutable std::mutex mutex_;
  std::deque<Task> waiting_;
  bool closed_ = false;
  bool busy_ = false;     ///< the thread holds a task that waits for its time
  bool cut_off_ = false;  ///< that task was dropped
  std::unique_ptr<base::Env::Event> arrived_;
  std::unique_ptr<base::Env::Event> empty_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace inspector
