#include "base/log.h"
#include "http/client.h"
#include "inspector/conductor/directory.h"
#include "inspector/conductor/remote.h"
#include "inspector/config/load.h"
#include "inspector/keystone/signed_sender.h"
#include "inspector/service/api_front.h"
#include "inspector/service/coordination.h"
#include "inspector/service/process.h"
#include "inspector/service/services.h"
#include "inspector/service/shutdown.h"
#include "inspector/service/signals.h"
#include "inspector/service/stores.h"
#include "inspector/service/watchdog.h"

namespace inspector {

int run_api_service(const CommandLine& line) {
  const Config config = load_config(Service::kApi, line);
  begin_log(config);
  base::Env& env = base::system_env();
  raise_file_limit();
  Signals signals(env);
  signals.on_reload([&line] { begin_log(load_config(Service::kApi, line)); });

  const std::string& backend = config.coordination.backend_url;
  const std::unique_ptr<tooz::Coordinator> coordinator =
      make_coordinator(env, config.coordination, std::string(kApiPrefix) + config.conductor.host);
  Stores stores(env, config);
  GroupDirectory directory(*coordinator, config.coordination.group);
  keystone::SignedSender sender(env, config.rpc.client_auth,
                                std::make_shared<http::Client>(env, config.rpc.client));
  const std::unique_ptr<rpc::Transport> transport = rpc::http_transport(sender);
  RemoteConductor conductor(env, directory, *transport);
  ApiFront api(env, {env, stores.nodes, *stores.data, stores.rules, *stores.ironic, conductor},
               config.api);

  // What is only read does not need a conductor: it is served while the backend is away.
  const auto opening = env.spawn("directory", [&](const std::stop_token& stop) {
    try {
      until_reachable(env, backend, stop, [&] { directory.open(); });
    } catch (const std::exception& error) {
      base::log_error("inspector.service",
                      std::string("The conductors cannot be found: ") + error.what());
    }
  });
  api.start();
  const Watchdog watchdog(env);
  notify_systemd("READY=1");

  signals.wait();
  notify_systemd("STOPPING=1");
  api.stop(stop_deadline(env, signals, config.api));
  base::log_info("inspector.service", "Shut down successfully");
  return 0;
}

}  // namespace inspector
