#include "inspector/service/mdns.h"

#include "base/log.h"

namespace inspector {

std::unique_ptr<MdnsPublication> publish_api(base::Env& env, const MdnsOptions& options) {
  if (!options.enabled) return nullptr;
  const ServiceRecord record = service_record(options.endpoint, options.params, resolve_host);
  auto published = std::make_unique<MdnsPublication>(env, record, options.publication);
  base::log_info("inspector.mdns", "The API is published by mDNS",
                 {{"endpoint", options.endpoint}});
  return published;
}

}  // namespace inspector
