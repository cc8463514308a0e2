#include "base/log.h"
#include "inspector/conductor/directory.h"
#include "inspector/conductor/leadership.h"
#include "inspector/conductor/tooz_node_locks.h"
#include "inspector/config/load.h"
#include "inspector/service/coordination.h"
#include "inspector/service/endpoint.h"
#include "inspector/service/process.h"
#include "inspector/service/rpc_front.h"
#include "inspector/service/services.h"
#include "inspector/service/shutdown.h"
#include "inspector/service/signals.h"
#include "inspector/service/stores.h"
#include "inspector/service/worker.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr base::Env::Duration kMostDeadWork = std::chrono::milliseconds(2500);
constexpr base::Env::Duration kLeastDeadWork = std::chrono::milliseconds(250);

/// Work that died with a conductor is to end within two leases: one until its lock is free, what
/// remains until somebody looks.
base::Env::Duration dead_work_spacing(const std::string& backend_url) {
  return std::clamp(lease_of(backend_url) / 4, kLeastDeadWork, kMostDeadWork);
}

/// Leaves the group, so that no new calls come, and finishes what was accepted. The lease lives on
/// until the last lock has been given back.
void stop(base::Env::TimePoint deadline, const std::string& group, tooz::Coordinator& coordinator,
          RpcFront& rpc, Worker& worker) {
  try {
    coordinator.leave(group);
  } catch (const std::exception& error) {
    base::log_warning("inspector.service", std::string("cannot leave the group: ") + error.what());
  }
  rpc.stop(deadline);
  worker.stop(deadline);
}

}  // namespace

int run_conductor_service(const CommandLine& line) {
  const Config config = load_config(Service::kConductor, line);
  begin_log(config);
  base::Env& env = base::system_env();
  raise_file_limit();
  Signals signals(env);

  const std::string& backend = config.coordination.backend_url;
  const std::string& group = config.coordination.group;
  const std::string& host = config.conductor.host;
  const std::unique_ptr<tooz::Coordinator> coordinator =
      make_coordinator(env, config.coordination, std::string(kConductorPrefix) + host);
  Stores stores(env, config);
  const std::unique_ptr<NodeLocks> locks = tooz_node_locks(*coordinator);
  Worker worker(env, config, stores, *locks);
  RpcFront rpc(env, worker.conductor(), config.rpc);
  rpc.start();
  // Only who can serve calls tells where: the group is joined last.
  const std::string endpoint = endpoint_url(config.rpc, rpc.port(), host, backend);
  if (!join_conductors(env, *coordinator, config.coordination, endpoint, host, signals.stop()))
    return 0;
  std::unique_ptr<Leader> leader = elected_leader(env, *coordinator, group);
  worker.start_tasks(*leader, dead_work_spacing(backend));
  notify_systemd("READY=1");

  signals.wait();
  notify_systemd("STOPPING=1");
  worker.stop_tasks();
  leader.reset();
  stop(stop_deadline(env, signals, config.api), group, *coordinator, rpc, worker);
  base::log_info("inspector.service", "Shut down successfully");
  return 0;
}

}  // namespace inspector
