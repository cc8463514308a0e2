#pragma once
#include "base/env.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

namespace inspector {

/// Turns signals into a stop token. SIGTERM asks for a graceful stop, SIGINT for one at once; a
/// second one of either ends the process (exit code 1). SIGHUP and SIGUSR1 do what on_reload() and
/// on_drain() were told, nothing but a line in the log otherwise. SIGPIPE is ignored.
class Signals {
 public:
  /// Before any other thread is started: signals are blocked in this thread, and so in all that it
  /// starts. One per process.
  explicit Signals(base::Env& env);
  ~Signals();

  std::stop_token stop() const noexcept { return stop_.get_token(); }
  bool at_once() const noexcept { return at_once_; }

  /// On the thread that watches for signals; what it throws is logged.
  using Action = std::function<void()>;
  void on_reload(Action action);
  void on_drain(Action action);

  /// Returns when the process is to stop.
  void wait();

 private:
  void watch();
  void handle(int signal);
  void act(const char* signal, const Action& action);

  base::Env& env_;
  std::mutex mutex_;
  Action reload_;
  Action drain_;
  std::stop_source stop_;
  std::atomic<bool> at_once_ = false;
  std::unique_ptr<base::Env::Event> asked_;
  int signals_;  ///< signalfd
  int wake_;     ///< eventfd: the watcher is to end
  std::unique_ptr<base::Env::Thread> watcher_;
};

}  // namespace inspector
