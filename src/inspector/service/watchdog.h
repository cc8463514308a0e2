#pragma once
#include "base/env.h"

namespace inspector {

/// Tells systemd three times in each WATCHDOG_USEC that the process runs, so that one that is stuck
/// is restarted. Without that variable, or when it is meant for another process (WATCHDOG_PID),
/// does nothing.
class Watchdog {
 public:
  explicit Watchdog(base::Env& env);

 private:
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace inspector
