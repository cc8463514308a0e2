#pragma once
#include "base/env.h"
#include "http/client.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// How a service of ours shows who it is, by the options of keystoneauth. Names and ids that are
/// not set are empty.
struct ServiceAuth {
  enum class Type {
    kNone,
    kHttpBasic,
    kPassword,
    kToken,
    kApplicationCredential,
    kV1Password,  ///< Swift's tempauth, which is no Keystone
    kV2Password,  ///< of a Keystone that still speaks Identity v2.0
    kV2Token,     ///< the same
  };
  Type type = Type::kNone;
  std::string auth_url;  ///< of Keystone, with or without /v3; of v1 and v2 as it is asked
  std::string username, user_id, password;
  std::string user_domain_name, user_domain_id;
  std::string project_name, project_id, project_domain_name, project_domain_id;
  std::string domain_name, domain_id, system_scope, trust_id;
  std::string token;
  std::string credential_id, credential_name, credential_secret;

  bool asks_for_tokens() const noexcept { return type != Type::kNone && type != Type::kHttpBasic; }
  bool asks_keystone() const noexcept { return asks_for_tokens() && type != Type::kV1Password; }
  bool is_v2() const noexcept { return type == Type::kV2Password || type == Type::kV2Token; }
};

/// Which endpoint of Keystone's catalogue is meant.
struct EndpointChoice {
  std::string override_url;  ///< when set, the catalogue is not looked at
  std::string service_type;
  std::string service_name;                                      ///< empty: any
  std::string region_name;                                       ///< empty: any
  std::vector<std::string> interfaces = {"internal", "public"};  ///< in order of preference
};

/// Reads `section`'s auth_type and what belongs to it, from the section that auth_section names
/// when it is set. @param fallback what a section without auth_type means
/// Throws base::ConfigError naming what is missing or not known.
ServiceAuth read_service_auth(const base::Ini& ini, std::string_view section,
                              std::string_view fallback);

/// endpoint_override, service_type and the like. Throws base::ConfigError.
EndpointChoice read_endpoint_choice(const base::Ini& ini, std::string_view section,
                                    std::string_view service_type);

/// cafile, certfile, keyfile, insecure. Throws base::ConfigError.
http::ClientOptions read_tls_client(const base::Ini& ini, std::string_view section);

/// memcached_servers and what belongs to them: where processes share what Keystone said of tokens.
struct SharedTokenOptions {
  struct Server {
    std::string host;  ///< a name or an address; one that begins with '/' is a local socket's path
    std::uint16_t port = 0;
  };
  enum class Security { kNone, kMac, kEncrypt };
  std::vector<Server> servers;  ///< none: nothing is shared
  Security security = Security::kNone;
  std::string secret_key;
  base::Env::Duration dead_retry = std::chrono::minutes(5);  ///< for so long one is left alone
  base::Env::Duration socket_timeout = std::chrono::seconds(3);
  base::Env::Duration unused_timeout = std::chrono::seconds(60);  ///< then a connection is closed
  base::Env::Duration get_timeout = std::chrono::seconds(10);     ///< the wait for a connection
  std::size_t most_connections = 10;                              ///< to each server
};

/// Throws base::ConfigError naming what is wrong.
SharedTokenOptions read_shared_token_options(const base::Ini& ini);

/// [keystone_authtoken]: how the tokens of callers are checked.
struct TokenOptions {
  ServiceAuth auth;
  EndpointChoice identity;  ///< where tokens are checked
  http::ClientOptions client;
  std::string www_authenticate_uri;  ///< told to who has no token; auth_url when it is not set
  base::Env::Duration cache_time = std::chrono::seconds(300);  ///< 0: nothing is kept
  base::Env::Duration timeout = std::chrono::seconds(10);      ///< of one request
  int attempts = 4;
  std::vector<std::string> service_token_roles = {"service"};
  bool service_token_roles_required = false;
  std::string service_type;  ///< for application credentials with access rules
  SharedTokenOptions shared;
  bool with_catalog = true;  ///< shared answers have it, for who else reads them
};

/// Throws base::ConfigError.
TokenOptions read_token_options(const base::Ini& ini);

}  // namespace inspector
