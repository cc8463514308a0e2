#pragma once
#include "base/env.h"
#include "inspector/config/keystone.h"

#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

/// How a service of OpenStack is reached. keystoneauth's option names.
struct ServiceOptions {
  ServiceAuth auth;
  EndpointChoice endpoint;
  http::ClientOptions client;
  base::Env::Duration timeout = std::chrono::seconds(60);  ///< of one request
  int attempts = 5;  ///< of one request that 409, 503 or no connection refused
  base::Env::Duration retry_pause = std::chrono::seconds(1);  ///< between attempts
};

/// A section of such options.
struct ServiceSection {
  std::string_view name;
  std::string_view service_type;
  std::string_view endpoint;  ///< what endpoint_override has to be, with an example
};

/// Reads and checks; throws base::ConfigError.
ServiceOptions read_service(const base::Ini& ini, const ServiceSection& section);

}  // namespace inspector
