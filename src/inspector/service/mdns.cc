#include "inspector/service/mdns.h"

#include "base/log.h"
#include "inspector/keystone/session.h"

namespace inspector {
namespace {

constexpr base::Env::Duration kPatience = std::chrono::seconds(30);

std::string endpoint_of(base::Env& env, const MdnsOptions& options) {
  keystone::Session session(env, options.auth, std::make_shared<http::Client>(env, options.client));
  return session.endpoint(options.endpoint, {env.after(kPatience), {}});
}

}  // namespace

std::unique_ptr<MdnsPublication> publish_api(base::Env& env, const MdnsOptions& options) {
  if (!options.enabled) return nullptr;
  const std::string endpoint = endpoint_of(env, options);
  const ServiceRecord record = service_record(endpoint, options.params, resolve_host);
  auto published = std::make_unique<MdnsPublication>(env, record, options.publication);
  base::log_info("inspector.mdns", "The API is published by mDNS", {{"endpoint", endpoint}});
  return published;
}

}  // namespace inspector
