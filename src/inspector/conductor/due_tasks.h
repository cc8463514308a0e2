#pragma once
#include "base/env.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace inspector {

/// Runs tasks when they are due, on one thread: whoever waits for his turn is an entry here, and no
/// thread of a pool waits with him. Thread-safe.
class DueTasks {
 public:
  using Task = std::function<void()>;  ///< runs on the thread: quick, must not throw

  explicit DueTasks(base::Env& env);
  ~DueTasks() { close(); }
  DueTasks(const DueTasks&) = delete;
  DueTasks& operator=(const DueTasks&) = delete;

  /// One that is due already runs at once, on the caller's thread. False: after close(); the task
  /// will not run. Never blocks otherwise.
  bool add(base::Env::TimePoint due, const Task& task);

  /// Takes no more, and drops who waits. Returns how many.
  std::size_t close();

  std::size_t waiting() const;

 private:
  void run(const std::stop_token& stop);

  base::Env& env_;
  mutable std::mutex mutex_;
  std::multimap<base::Env::TimePoint, Task> waiting_;
  bool closed_ = false;
  std::unique_ptr<base::Env::Event> changed_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace inspector
