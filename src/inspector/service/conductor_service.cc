#include "base/log.h"
#include "http/client.h"
#include "inspector/conductor/directory.h"
#include "inspector/conductor/tooz_node_locks.h"
#include "inspector/config/load.h"
#include "inspector/keystone/signed_sender.h"
#include "inspector/service/conductor_unit.h"
#include "inspector/service/coordination.h"
#include "inspector/service/endpoint.h"
#include "inspector/service/mdns.h"
#include "inspector/service/process.h"
#include "inspector/service/rpc_front.h"
#include "inspector/service/services.h"
#include "inspector/service/shutdown.h"
#include "inspector/service/signals.h"
#include "inspector/service/stores.h"
#include "inspector/service/watchdog.h"

namespace inspector {

int run_conductor_service(const CommandLine& line) {
  const Config config = load_config(Service::kConductor, line);
  begin_log(config);
  base::Env& env = base::system_env();
  raise_file_limit();
  keep_freed_memory();
  Signals signals(env);
  signals.on_reload([&line] { begin_log(load_config(Service::kConductor, line)); });

  const std::string& host = config.conductor.host;
  const std::unique_ptr<tooz::Coordinator> coordinator =
      make_coordinator(env, config.coordination, std::string(kConductorPrefix) + host);
  if (!await_database(env, config.database, signals.stop())) return 0;
  Stores stores(env, config);
  const std::unique_ptr<NodeLocks> locks = tooz_node_locks(*coordinator);
  keystone::SignedSender sender(env, config.rpc.client_auth,
                                std::make_shared<http::Client>(env, config.rpc.client));
  ConductorUnit conductor({env, config, stores, *coordinator, *locks, sender});
  RpcFront rpc(conductor.calls(), config.rpc);
  rpc.start();
  // Only who can serve calls tells where: the group is joined last.
  const std::string endpoint =
      endpoint_url(config.rpc, rpc.port(), host, config.coordination.backend_url);
  if (!conductor.serve(endpoint, signals.stop())) return 0;
  const auto published = publish_api(env, config.mdns);
  signals.on_drain([&conductor] { conductor.retire(); });
  const Watchdog watchdog(env);
  notify_systemd("READY=1");

  signals.wait();
  notify_systemd("STOPPING=1");
  const auto deadline = stop_deadline(env, signals, config.api);
  conductor.retire();
  rpc.stop(deadline);
  conductor.finish(deadline);
  base::log_info("inspector.service", "Shut down successfully");
  return 0;
}

}  // namespace inspector
