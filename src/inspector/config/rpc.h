#pragma once
#include "http/client.h"
#include "http/server.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

/// [json_rpc]: calls from API processes to conductors. Not used in standalone.
struct RpcOptions {
  enum class Auth { kNone, kHttpBasic };

  http::ServerOptions server;  ///< host_ip (::), port (8099), use_ssl, cert_file, key_file, ca_file
  std::size_t workers = 64;    ///< [DEFAULT]executor_thread_pool_size: calls served at a time
  std::string advertise;  ///< host, host:port or URL told to the API processes; empty: worked out

  Auth auth = Auth::kNone;                ///< what the server asks of callers; default: the API's
  std::string http_basic_auth_user_file;  ///< default: that of [DEFAULT]

  std::string username;  ///< sent by the client, when set
  std::string password;
  http::ClientOptions client;  ///< cafile, certfile, keyfile, insecure
};

/// Reads and checks; throws base::ConfigError.
RpcOptions read_rpc(const base::Ini& ini);

/// Value of the Authorization header that the client sends; empty for none.
std::string rpc_authorization(const RpcOptions& options);

}  // namespace inspector
