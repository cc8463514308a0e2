#include "inspector/service/api_unit.h"

#include "base/log.h"
#include "http/client.h"
#include "inspector/service/coordination.h"

namespace inspector {

ApiUnit::ApiUnit(base::Env& env, const Config& config)
    : env_(env),
      config_(config),
      coordinator_(make_coordinator(env, config.coordination,
                                    std::string(kApiPrefix) + config.conductor.host)),
      stores_(env, config),
      directory_(*coordinator_, config.coordination.group),
      sender_(env, config.rpc.client_auth, std::make_shared<http::Client>(env, config.rpc.client)),
      transport_(rpc::http_transport(sender_)),
      conductor_(env, directory_, *transport_),
      searched_(env.make_event()),
      search_(env.spawn("directory", [this](const std::stop_token& stop) { search(stop); })) {}

/// What is only read does not need a conductor: it is served while the backend is away.
void ApiUnit::search(const std::stop_token& stop) {
  try {
    until_reachable(env_, config_.coordination.backend_url, stop, [&] { directory_.open(); });
  } catch (const std::exception& error) {
    base::log_error("inspector.service",
                    std::string("The conductors cannot be found: ") + error.what());
  }
  searched_->set();
}

}  // namespace inspector
