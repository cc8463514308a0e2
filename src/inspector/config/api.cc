#include "inspector/config/api.h"

#include "base/ini.h"
#include "inspector/api/access_line.h"
#include "inspector/config/renamed.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();

/// Python's names; SSLv23 is its word for whatever both sides can do.
http::ServerOptions::TlsVersion read_tls_version(const base::Ini& ini) {
  using Version = http::ServerOptions::TlsVersion;
  std::string name = ini.text("ssl", "version", "");
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name.empty() || name == "sslv23") return Version::kAny;
  if (name == "tlsv1_2") return Version::k12;
  if (name == "tlsv1_3") return Version::k13;
  throw ini.error("ssl", "version", "accepted: SSLv23 (1.2 or later), TLSv1_2, TLSv1_3");
}

http::ServerOptions read_server(const base::Ini& ini) {
  http::ServerOptions server;
  server.address = ini.text("DEFAULT", "listen_address", "::");
  server.port = static_cast<std::uint16_t>(ini.integer("DEFAULT", "listen_port", 5050, 0, 65535));
  server.unix_socket = ini.text("DEFAULT", "listen_unix_socket", "");
  if (ini.text("DEFAULT", "listen_unix_socket_mode")) {
    const std::uint32_t mode = ini.octal("DEFAULT", "listen_unix_socket_mode", 0);
    if (mode > 0777)
      throw ini.error("DEFAULT", "listen_unix_socket_mode", "accepted: an octal number up to 777");
    server.unix_socket_mode = mode;
  }

  server.tls = ini.boolean("DEFAULT", "use_ssl", false);
  server.cert_file = renamed_text(ini, {{"ssl", "cert_file"}, {"DEFAULT", "ssl_cert_file"}}, "");
  server.key_file = renamed_text(ini, {{"ssl", "key_file"}, {"DEFAULT", "ssl_key_file"}}, "");
  server.ca_file = renamed_text(ini, {{"ssl", "ca_file"}, {"DEFAULT", "ssl_ca_file"}}, "");
  server.ciphers = ini.text("ssl", "ciphers", "");
  if (server.tls && server.cert_file.empty())
    throw ini.error("DEFAULT", "use_ssl", "needs [ssl]cert_file");
  if (server.tls && server.key_file.empty())
    throw ini.error("DEFAULT", "use_ssl", "needs [ssl]key_file");

  server.tls_version = read_tls_version(ini);
  server.keep_alive = ini.boolean("DEFAULT", "wsgi_keep_alive", true);
  constexpr std::int64_t kLongestIdle = 32767;  // seconds; the kernel's
  server.tcp_keepidle =
      std::chrono::seconds(ini.integer("DEFAULT", "tcp_keepidle", 600, 1, kLongestIdle));

  server.max_header = static_cast<std::size_t>(
      ini.integer("DEFAULT", "max_header_line", 16384, 1024, 16L * 1024 * 1024));
  const std::int64_t idle = ini.integer("DEFAULT", "client_socket_timeout", 900, 0, kMost);
  server.idle_time = std::chrono::seconds(idle == 0 ? kMost : idle);  // 0: no limit, upstream says
  return server;
}

}  // namespace

ApiOptions read_api(const base::Ini& ini) {
  ApiOptions options;
  options.server = read_server(ini);
  options.workers =
      static_cast<std::size_t>(ini.integer("DEFAULT", "wsgi_default_pool_size", 100, 1, 10000));
  const std::int64_t grace = ini.integer("DEFAULT", "graceful_shutdown_timeout", 60, 0, kMost);
  options.graceful_shutdown_timeout = std::chrono::seconds(grace == 0 ? kMost : grace);

  constexpr std::string_view kAccepted[] = {"noauth", "http_basic", "keystone"};
  const std::string auth = ini.choice("DEFAULT", "auth_strategy", "keystone", kAccepted);
  options.auth = auth == "noauth"     ? ApiOptions::Auth::kNone
                 : auth == "keystone" ? ApiOptions::Auth::kKeystone
                                      : ApiOptions::Auth::kHttpBasic;
  options.health = read_health(ini);
  options.cors = read_cors(ini);
  options.http_basic_auth_user_file =
      ini.text("DEFAULT", "http_basic_auth_user_file", options.http_basic_auth_user_file);

  options.access_format = ini.text("DEFAULT", "wsgi_log_format", "");
  try {
    check_access_format(options.access_format);
  } catch (const std::invalid_argument& error) {
    throw ini.error("DEFAULT", "wsgi_log_format", error.what());
  }

  options.api_max_limit =
      static_cast<std::size_t>(ini.integer("DEFAULT", "api_max_limit", 1000, 1, kMost));
  options.can_manage_boot = ini.boolean("DEFAULT", "can_manage_boot", true);
  options.debug = ini.boolean("DEFAULT", "debug", false);
  if (const char* prefix = std::getenv("SCRIPT_NAME")) options.script_name = prefix;
  return options;
}

}  // namespace inspector
