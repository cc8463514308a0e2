#pragma once
#include "base/env.h"

#include <atomic>
#include <memory>
#include <stop_token>

namespace inspector {

/// Turns signals into a stop token. SIGTERM asks for a graceful stop, SIGINT for one at once; a
/// second one of either ends the process (exit code 1). SIGHUP does nothing but a line in the log,
/// as the configuration is read at start only. SIGPIPE is ignored.
class Signals {
 public:
  /// Before any other thread is started: signals are blocked in this thread, and so in all that it
  /// starts. One per process.
  explicit Signals(base::Env& env);
  ~Signals();

  std::stop_token stop() const noexcept { return stop_.get_token(); }
  bool at_once() const noexcept { return at_once_; }

  /// Returns when the process is to stop.
  void wait();

 private:
  void watch();
  void handle(int signal);

  base::Env& env_;
  std::stop_source stop_;
  std::atomic<bool> at_once_ = false;
  std::unique_ptr<base::Env::Event> asked_;
  int signals_;  ///< signalfd
  int wake_;     ///< eventfd: the watcher is to end
  std::unique_ptr<base::Env::Thread> watcher_;
};

}  // namespace inspector
