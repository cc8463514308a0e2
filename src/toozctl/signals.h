#pragma once
#include <functional>
#include <memory>

#include "base/env.h"

namespace toozctl {

/// Hands SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGCHLD to a function on a thread of its
/// own. block() must have been called in main() before any thread was started.
class Signals {
 public:
  static void block();    ///< in this thread and those it starts
  static void unblock();  ///< in a child, before it becomes another program

  Signals(base::Env& env, std::function<void(int signal)> handler);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace toozctl
