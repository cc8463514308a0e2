#include "inspector/config/rpc.h"

#include "base/ini.h"
#include "inspector/config/renamed.h"

namespace inspector {
namespace {

http::ServerOptions read_server(const base::Ini& ini) {
  http::ServerOptions server;
  server.address = ini.text("json_rpc", "host_ip", "::");
  server.port = static_cast<std::uint16_t>(ini.integer("json_rpc", "port", 8099, 0, 65535));
  server.tls = ini.boolean("json_rpc", "use_ssl", false);
  server.cert_file = renamed_text(ini, {{"json_rpc", "cert_file"}, {"ssl", "cert_file"}}, "");
  server.key_file = renamed_text(ini, {{"json_rpc", "key_file"}, {"ssl", "key_file"}}, "");
  server.ca_file = ini.text("json_rpc", "ca_file", "");
  server.ciphers = ini.text("ssl", "ciphers", "");
  if (server.tls && (server.cert_file.empty() || server.key_file.empty()))
    throw ini.error("json_rpc", "use_ssl", "needs [json_rpc]cert_file and [json_rpc]key_file");
  return server;
}

}  // namespace

RpcOptions read_rpc(const base::Ini& ini) {
  RpcOptions options;
  options.server = read_server(ini);
  options.server.skip_abandoned =
      true;  // what a stopped conductor finds when it goes on is too late
  options.workers = static_cast<std::size_t>(
      ini.integer("DEFAULT", "executor_thread_pool_size",
                  ini.integer("DEFAULT", "rpc_thread_pool_size", 64, 1, 10000), 1, 10000));
  options.advertise = ini.text("json_rpc", "advertise", "");

  constexpr std::string_view kAccepted[] = {"noauth", "http_basic", "keystone"};
  const std::string of_api = ini.text("DEFAULT", "auth_strategy", "keystone");
  const std::string auth = ini.choice("json_rpc", "auth_strategy", of_api, kAccepted);
  options.auth = auth == "noauth"     ? RpcOptions::Auth::kNone
                 : auth == "keystone" ? RpcOptions::Auth::kKeystone
                                      : RpcOptions::Auth::kHttpBasic;
  options.allowed_roles = ini.list("json_rpc", "allowed_roles", "admin,service");
  options.http_basic_auth_user_file =
      ini.text("json_rpc", "http_basic_auth_user_file",
               ini.text("DEFAULT", "http_basic_auth_user_file", "/etc/ironic-inspector/htpasswd"));
  const bool has_user = ini.text("json_rpc", "username").has_value();
  options.client_auth = read_service_auth(ini, "json_rpc", has_user ? "http_basic" : "none");

  options.client = read_tls_client(ini, "json_rpc");
  return options;
}

}  // namespace inspector
