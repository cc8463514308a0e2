#pragma once
#include "http/client.h"
#include "inspector/conductor/directory.h"
#include "inspector/conductor/leadership.h"
#include "inspector/service/rpc_calls.h"
#include "inspector/service/worker.h"
#include "tooz/coordinator.h"

namespace inspector {

/// One conductor among others, all but its port: its work, what it answers, its place in the group.
class ConductorUnit {
 public:
  /// All outlive it.
  struct Parts {
    base::Env& env;
    const Config& config;
    Stores& stores;
    tooz::Coordinator& coordinator;
    NodeLocks& locks;
    http::Sender& sender;  ///< to the other conductors
  };

  /// Throws base::ConfigError: hooks that cannot be loaded.
  explicit ConductorUnit(const Parts& parts);

  /// To be answered from now on; nobody asks before serve() has told where.
  RpcCalls& calls() noexcept { return calls_; }

  /// Joins the group as one that is called at `endpoint`, campaigns, starts the tasks, and takes
  /// over what others leave. False:
  /// `stop` was requested while the backend was away. Throws std::runtime_error when a live process
  /// has the same host.
  bool serve(const std::string& endpoint, const std::stop_token& stop);

  const JournalCounters& counters() const noexcept { return worker_.counters(); }

  /// Leaves the group, so that no new calls come, ends the tasks, takes nothing over any more and
  /// gives away what only waits. Calls are still answered. The lease lives on until the last lock
  /// has been given back.
  void retire();

  /// Waits for the work in the background. False: `deadline` came first.
  bool finish(base::Env::TimePoint deadline) { return worker_.stop(deadline); }

 private:
  void watch(const std::stop_token& stop);

  const Parts parts_;
  const std::unique_ptr<NodeLocks> locks_;
  GroupDirectory directory_;
  const std::unique_ptr<rpc::Transport> transport_;
  const Worker::Others others_;
  Worker worker_;
  RpcCalls calls_;
  std::unique_ptr<Leader> leader_;
  std::unique_ptr<base::Env::Thread> watch_;
};

}  // namespace inspector
