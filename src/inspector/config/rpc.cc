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

void read_credentials(const base::Ini& ini, RpcOptions& options) {
  constexpr std::string_view kTypes[] = {"none", "http_basic"};
  const bool has_user = ini.text("json_rpc", "username").has_value();
  const std::string type =
      ini.choice("json_rpc", "auth_type", has_user ? "http_basic" : "none", kTypes);
  const std::string username = ini.text("json_rpc", "username", "");
  const std::string password = ini.text("json_rpc", "password", "");
  if (type == "none") return;
  if (username.empty() || username.find(':') != std::string::npos)
    throw base::ConfigError(
        "[json_rpc]auth_type = http_basic needs [json_rpc]username, a name without ':'");
  options.username = username;
  options.password = password;
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > text.size() ? '=' : kDigits[bits >> (18 - 6 * k) & 63U];
  }
  return out;
}

}  // namespace

RpcOptions read_rpc(const base::Ini& ini) {
  RpcOptions options;
  options.server = read_server(ini);
  options.workers = static_cast<std::size_t>(
      ini.integer("DEFAULT", "executor_thread_pool_size",
                  ini.integer("DEFAULT", "rpc_thread_pool_size", 64, 1, 10000), 1, 10000));
  options.advertise = ini.text("json_rpc", "advertise", "");

  constexpr std::string_view kAccepted[] = {"noauth", "http_basic"};
  const std::string of_api = ini.text("DEFAULT", "auth_strategy", "noauth");
  const std::string auth = ini.choice("json_rpc", "auth_strategy", of_api, kAccepted);
  options.auth = auth == "noauth" ? RpcOptions::Auth::kNone : RpcOptions::Auth::kHttpBasic;
  options.http_basic_auth_user_file =
      ini.text("json_rpc", "http_basic_auth_user_file",
               ini.text("DEFAULT", "http_basic_auth_user_file", "/etc/ironic-inspector/htpasswd"));
  read_credentials(ini, options);

  options.client.ca_file = ini.text("json_rpc", "cafile", "");
  options.client.cert_file = ini.text("json_rpc", "certfile", "");
  options.client.key_file = ini.text("json_rpc", "keyfile", "");
  options.client.insecure = ini.boolean("json_rpc", "insecure", false);
  return options;
}

std::string rpc_authorization(const RpcOptions& options) {
  if (options.username.empty()) return {};
  return "Basic " + base64(options.username + ":" + options.password);
}

}  // namespace inspector
