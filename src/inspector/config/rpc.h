#pragma once
#include "http/client.h"
#include "http/server.h"
#include "inspector/config/keystone.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// [json_rpc]: calls from API processes to conductors. Not used in standalone.
struct RpcOptions {
  enum class Auth { kNone, kHttpBasic, kKeystone };

  http::ServerOptions server;  ///< host_ip (::), port (8099), use_ssl, cert_file, key_file, ca_file
  std::size_t workers = 64;    ///< [DEFAULT]executor_thread_pool_size: calls served at a time
  std::string advertise;  ///< host, host:port or URL told to the API processes; empty: worked out

  Auth auth = Auth::kNone;                ///< what the server asks of callers; default: the API's
  std::string http_basic_auth_user_file;  ///< default: that of [DEFAULT]

  TokenOptions tokens;                                            ///< with kKeystone, as the next
  std::vector<std::string> allowed_roles = {"admin", "service"};  ///< one of them is needed

  ServiceAuth client_auth;     ///< what the client shows
  http::ClientOptions client;  ///< cafile, certfile, keyfile, insecure
};

/// Reads and checks all but the tokens; throws base::ConfigError.
RpcOptions read_rpc(const base::Ini& ini);

}  // namespace inspector
