#pragma once
#include "base/env.h"
#include "inspector/config/keystone.h"

#include <optional>
#include <string>

namespace base {
class Ini;
}

namespace inspector {

/// [ironic]: how Ironic is reached. keystoneauth's option names.
struct IronicOptions {
  ServiceAuth auth;
  EndpointChoice endpoint;  ///< its override: base URL, with or without a trailing /v1
  http::ClientOptions client;
  base::Env::Duration timeout = std::chrono::seconds(60);  ///< of one request
  int attempts = 5;  ///< of one request that 409, 503 or no connection refused
  base::Env::Duration retry_pause = std::chrono::seconds(1);  ///< between attempts
};

/// Reads and checks; throws base::ConfigError.
IronicOptions read_ironic(const base::Ini& ini);

}  // namespace inspector
