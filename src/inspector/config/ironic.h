#pragma once
#include "base/env.h"

#include <optional>
#include <string>

namespace base {
class Ini;
}

namespace inspector {

/// [ironic]: how Ironic is reached. keystoneauth's option names.
struct IronicOptions {
  enum class Auth { kNone, kHttpBasic };  // keystone's forms are refused at start by name and value
  Auth auth = Auth::kNone;
  std::string endpoint_override;  ///< base URL, with or without a trailing /v1
  std::string username;
  std::string password;
  std::string cafile, certfile, keyfile;
  bool insecure = false;
  base::Env::Duration timeout = std::chrono::seconds(60);  ///< of one request
  int attempts = 5;  ///< of one request that 409, 503 or no connection refused
  base::Env::Duration retry_pause = std::chrono::seconds(1);  ///< between attempts
};

/// Reads and checks; throws base::ConfigError.
IronicOptions read_ironic(const base::Ini& ini);

}  // namespace inspector
