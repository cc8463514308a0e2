#include "inspector/service/mdns.h"

#include "base/log.h"
#include "inspector/keystone/session.h"

namespace inspector {
namespace {

constexpr int kConflict = 409, kUnavailable = 503;

std::string endpoint_of(base::Env& env, const ServiceOptions& api) {
  keystone::Session session(env, api.auth, std::make_shared<http::Client>(env, api.client));
  for (Attempts attempts(api);;) {
    try {
      return session.endpoint(api.endpoint, {env.after(api.timeout), {}});
    } catch (const keystone::Error& error) {
      const bool passes =
          error.status == 0 || error.status == kConflict || error.status == kUnavailable;
      const auto pause = attempts.next(error.status != 0);
      if (!passes || !pause) throw;
      base::log_warning("inspector.mdns", std::string(error.what()) + "; trying again");
      env.sleep_for(*pause, {});
    }
  }
}

}  // namespace

std::unique_ptr<MdnsPublication> publish_api(base::Env& env, const MdnsOptions& options) {
  if (!options.enabled) return nullptr;
  const std::string endpoint = endpoint_of(env, options.api);
  const ServiceRecord record = service_record(endpoint, options.params, resolve_host);
  auto published = std::make_unique<MdnsPublication>(env, record, options.publication);
  base::log_info("inspector.mdns", "The API is published by mDNS", {{"endpoint", endpoint}});
  return published;
}

}  // namespace inspector
