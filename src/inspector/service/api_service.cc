#include "base/log.h"
#include "inspector/config/load.h"
#include "inspector/service/api_front.h"
#include "inspector/service/api_unit.h"
#include "inspector/service/process.h"
#include "inspector/service/services.h"
#include "inspector/service/shutdown.h"
#include "inspector/service/signals.h"
#include "inspector/service/stores.h"
#include "inspector/service/watchdog.h"

namespace inspector {
namespace {

constexpr base::Env::Duration kSearch = std::chrono::seconds(3);

}  // namespace

int run_api_service(const CommandLine& line) {
  const Config config = load_config(Service::kApi, line);
  begin_log(config);
  base::Env& env = base::system_env();
  raise_file_limit();
  keep_freed_memory();
  Signals signals(env);
  signals.on_reload([&line] { begin_log(load_config(Service::kApi, line)); });

  if (!await_database(env, config.database, signals.stop())) return 0;
  ApiUnit unit(env, config);
  ApiFront api(env, unit.parts(), config.api);
  // Who serves can also pass calls on; but what is only read is served while the backend is away.
  unit.wait_for_conductors(env.now() + kSearch);
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
