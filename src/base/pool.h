#pragma once
#include "base/env.h"

#include <cstddef>

namespace base {

/// Runs tasks on a bounded number of threads from a bounded queue. Threads start on demand and end
/// when they have been idle. Thread-safe.
class Pool {
 public:
  struct Options {
    std::string name;  ///< of its threads, and in its log lines
    std::size_t max_threads = 16;
    std::size_t max_queued = 1000;                  ///< tasks that wait for a thread
    Env::Duration idle = std::chrono::seconds(10);  ///< after this a thread without work ends
  };

  /// A task gets the pool's stop token: requested when the pool gives up waiting for it. What a
  /// task throws is logged as an error.
  using Task = std::function<void(std::stop_token)>;

  Pool(Env& env, Options options);
  ~Pool();  ///< drain(now); not from one of its tasks
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// False: the queue is full, drain() was called, or the system has no thread to give; the task
  /// will not run. Never blocks.
  bool submit(Task task);

  /// Takes no more tasks and waits for those accepted. False: `deadline` passed first; then the
  /// waiting ones are dropped, the running ones' stop tokens are requested, and they are joined,
  /// however long they take to heed it. Not from one of its tasks.
  bool drain(Env::TimePoint deadline);

  std::size_t queued() const noexcept;
  std::size_t running() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
