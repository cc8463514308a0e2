#pragma once
#include "base/env.h"
#include "http/server.h"
#include "inspector/config/keystone.h"
#include "inspector/config/policy.h"
#include "inspector/config/web.h"

#include <cstddef>
#include <string>

namespace base {
class Ini;
}

namespace inspector {

/// The HTTP API: [DEFAULT] listen_*, auth_strategy and the like, and [ssl].
struct ApiOptions {
  enum class Auth { kNone, kHttpBasic, kKeystone };

  http::ServerOptions server;  ///< listen_address, listen_port (5050), listen_unix_socket, use_ssl
  std::string listening = "[DEFAULT]listen_address, listen_port";  ///< where that stands, for texts
  std::size_t workers = 100;  ///< wsgi_default_pool_size: requests answered at the same time
  base::Env::Duration graceful_shutdown_timeout = std::chrono::seconds(60);

  Auth auth = Auth::kNone;
  std::string http_basic_auth_user_file = "/etc/ironic-inspector/htpasswd";

  TokenOptions tokens;  ///< used with kKeystone, as the next
  PolicyOptions policy;
  HealthOptions health;
  CorsOptions cors;

  std::size_t api_max_limit = 1000;  ///< default and maximum page of the list
  bool can_manage_boot = true;       ///< false: a start that asks for managed boot is refused
  bool debug = false;                ///< internal errors say what happened
  std::string access_format;         ///< of the log's line for a request; empty: our own, by fields
  std::string script_name;           ///< path in front of every link: the environment's SCRIPT_NAME
};

/// Reads and checks all but the tokens and the policy; throws base::ConfigError.
ApiOptions read_api(const base::Ini& ini);

}  // namespace inspector
