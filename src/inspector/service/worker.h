#pragma once
#include "inspector/conductor/cluster_filter.h"
#include "inspector/conductor/leadership.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/periodic.h"
#include "inspector/conductor/takeover.h"
#include "inspector/conductor/tasks.h"
#include "inspector/rules/engine.h"
#include "inspector/service/stores.h"

#include <memory>

namespace inspector {

/// The part of a process that does the work: hooks, PXE filter, the conductor and its tasks.
class Worker {
 public:
  /// Whom a conductor among others asks to let a machine boot; both outlive the worker.
  struct Others {
    ConductorDirectory& directory;
    rpc::Transport& transport;
  };

  /// Throws base::ConfigError: hooks that cannot be loaded. The references outlive it.
  /// @param others null: there are none
  Worker(base::Env& env, const Config& config, Stores& stores, NodeLocks& locks,
         const Others* others = nullptr);

  Conductor& conductor() noexcept { return conductor_; }
  /// Of this process alone.
  PxeFilter& filter() noexcept { return *filter_; }

  /// Begins to take over what other conductors, or an earlier process, left.
  /// @param spacing how often it is looked for when nobody says that there is something
  /// @param share as Takeover::Parts has it
  void start_takeover(base::Env::Duration spacing, std::function<Takeover::Share()> share = {});
  /// Somebody has left the group: looks at once.
  void look_for_work() noexcept {
    if (takeover_) takeover_->wake();
  }

  /// Starts the tasks; each run asks `leader`, who outlives them.
  void start_tasks(const Leader& leader);

  /// Takes nothing over any more, and gives away what only waits for its turn.
  void retire() noexcept;

  const JournalCounters& counters() const noexcept { return journal_.counters; }

  void stop_tasks() { periodic_.stop(); }

  /// Stops the tasks and waits for the work in the background. False: `deadline` came first.
  bool stop(base::Env::TimePoint deadline);

 private:
  base::Env& env_;
  const NodeStore& nodes_;
  NodeLocks& locks_;
  const ConductorOptions options_;
  Journal journal_;
  Owner owner_;
  const RuleEngine rules_;
  Pipeline pipeline_;
  const std::unique_ptr<PxeFilter> filter_;
  const std::unique_ptr<PxeFilter> cluster_filter_;  ///< null: no others, or nothing to filter
  TaskParts tasks_;
  LocalConductor conductor_;
  std::unique_ptr<Takeover> takeover_;
  Periodic periodic_;
};

}  // namespace inspector
