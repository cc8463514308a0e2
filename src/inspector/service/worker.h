#pragma once
#include "inspector/conductor/leadership.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/periodic.h"
#include "inspector/conductor/tasks.h"
#include "inspector/rules/engine.h"
#include "inspector/service/stores.h"

#include <memory>

namespace inspector {

/// The part of a process that does the work: hooks, PXE filter, the conductor and its tasks.
class Worker {
 public:
  /// Throws base::ConfigError: hooks that cannot be loaded. The references outlive it.
  Worker(base::Env& env, const Config& config, Stores& stores, NodeLocks& locks);

  Conductor& conductor() noexcept { return conductor_; }

  /// Ends what an earlier process left unfinished; for one that is alone.
  void end_left_over();

  /// Starts the tasks; each run asks `leader`, who outlives them.
  /// @param dead_work how often work that died with a conductor is looked for
  void start_tasks(const Leader& leader, base::Env::Duration dead_work);

  void stop_tasks() { periodic_.stop(); }

  /// Stops the tasks and waits for the work in the background. False: `deadline` came first.
  bool stop(base::Env::TimePoint deadline);

 private:
  base::Env& env_;
  const ConductorOptions options_;
  const RuleEngine rules_;
  Pipeline pipeline_;
  std::unique_ptr<PxeFilter> filter_;
  TaskParts tasks_;
  LocalConductor conductor_;
  Periodic periodic_;
};

}  // namespace inspector
