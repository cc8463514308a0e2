#include "base/log.h"
#include "inspector/conductor/leadership.h"
#include "inspector/config/load.h"
#include "inspector/service/api_front.h"
#include "inspector/service/mdns.h"
#include "inspector/service/process.h"
#include "inspector/service/services.h"
#include "inspector/service/shutdown.h"
#include "inspector/service/signals.h"
#include "inspector/service/stores.h"
#include "inspector/service/watchdog.h"
#include "inspector/service/worker.h"

namespace inspector {
namespace {

/// What is looked for is work that was interrupted by trouble that may have passed.
constexpr base::Env::Duration kLookForWork = std::chrono::milliseconds(2500);

}  // namespace

int run_standalone(const CommandLine& line) {
  const Config config = load_config(Service::kStandalone, line);
  begin_log(config);
  base::Env& env = base::system_env();
  raise_file_limit();
  keep_freed_memory();
  Signals signals(env);
  signals.on_reload([&line] { begin_log(load_config(Service::kStandalone, line)); });

  if (!await_database(env, config.database, signals.stop())) return 0;
  Stores stores(env, config);
  const std::unique_ptr<NodeLocks> locks = local_node_locks(env);
  const std::unique_ptr<Leader> leader = sole_leader();
  Worker worker(env, config, stores, *locks);
  ApiFront api(env,
               {env, stores.nodes, *stores.data, stores.rules, *stores.ironic, worker.conductor()},
               config.api);
  worker.start_takeover(kLookForWork);
  worker.start_tasks(*leader);
  api.start();
  const auto published = publish_api(env, config.mdns);
  const Watchdog watchdog(env);
  notify_systemd("READY=1");

  signals.wait();
  notify_systemd("STOPPING=1");
  const auto deadline = stop_deadline(env, signals, config.api);
  worker.stop_tasks();
  api.stop(deadline);
  worker.stop(deadline);
  base::log_info("inspector.service", "Shut down successfully");
  return 0;
}

}  // namespace inspector
