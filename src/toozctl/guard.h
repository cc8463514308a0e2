#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/env.h"

namespace toozctl {

/// A program that runs only as long as we may: under a lock, or while leading.
struct Guarded {
  std::vector<std::string> program;
  std::map<std::string, std::string> environment;  ///< added to ours
  std::stop_token lost;                            ///< stop it: TERM, then KILL after `grace`
  base::Env::Duration grace = std::chrono::seconds(5);
};

struct Outcome {
  int exit_code =
      0;  ///< the program's own; 128 + N when signal N ended it; 127: could not be started
  bool lost = false;  ///< it was stopped because `lost` was requested
};

/// Starts the program in a process group of its own, hands signals on to it, waits for its end.
/// Blocks until then; a program that ignores TERM is killed `grace` after the loss. When the thread
/// that called this dies, by SIGKILL say, the kernel kills the program (not what that has started).
Outcome run_guarded(base::Env& env, const Guarded& guarded);

}  // namespace toozctl
