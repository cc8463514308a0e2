#include "base/ini.h"
#include "inspector/config/keystone.h"
#include "inspector/config/renamed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace inspector {
namespace {

constexpr std::string_view kSection = "keystone_authtoken";
constexpr std::uint16_t kUsualPort = 11211;

using Server = SharedTokenOptions::Server;

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// As python-memcached takes them: `host`, `host:port`, `[address]:port`, each with `inet:` or
/// `inet6:` in front, and `unix:path`. nullopt: it is none.
std::optional<Server> server_of(std::string_view text) {
  if (text.starts_with("unix:")) text.remove_prefix(5);
  if (text.starts_with('/')) return Server{std::string(text), 0};
  for (const std::string_view family : {"inet6:", "inet:"})
    if (text.starts_with(family)) text.remove_prefix(family.size());
  Server server{.host = std::string(text), .port = kUsualPort};
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    server.host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
  } else if (std::ranges::count(text, ':') == 1) {
    server.host = text.substr(0, text.find(':'));
    rest = text.substr(text.find(':'));
  }
  if (server.host.empty() || server.host.find_first_of(" \t/") != std::string::npos)
    return std::nullopt;
  if (rest.empty()) return server;
  const auto port = rest.starts_with(':') ? port_of(rest.substr(1)) : std::nullopt;
  if (!port) return std::nullopt;
  server.port = *port;
  return server;
}

std::vector<Server> read_servers(const base::Ini& ini) {
  std::string_view option = "memcached_servers";
  if (!ini.text(kSection, option) && ini.text(kSection, "memcache_servers"))
    option = "memcache_servers";
  std::vector<Server> servers;
  for (const std::string& text : ini.list(kSection, option, "")) {
    const auto server = server_of(text);
    if (!server) throw ini.error(kSection, option, "'" + text + "' is not of the form host:port");
    servers.push_back(*server);
  }
  return servers;
}

SharedTokenOptions::Security read_security(const base::Ini& ini) {
  using Security = SharedTokenOptions::Security;
  constexpr std::string_view kOption = "memcache_security_strategy";
  std::string name = ini.text(kSection, kOption, "None");
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name == "NONE") return Security::kNone;
  if (name == "MAC") return Security::kMac;
  if (name == "ENCRYPT") return Security::kEncrypt;
  throw ini.error(kSection, kOption, "accepted: None, MAC, ENCRYPT");
}

}  // namespace

SharedTokenOptions read_shared_token_options(const base::Ini& ini) {
  constexpr std::int64_t kDay = 86'400, kMinute = 60, kHour = 3'600, kMostConnections = 10'000;
  const auto seconds = [&](std::string_view option, std::int64_t usual, std::int64_t least,
                           std::int64_t most) {
    return std::chrono::seconds(ini.integer(kSection, option, usual, least, most));
  };
  SharedTokenOptions options;
  options.servers = read_servers(ini);
  options.security = read_security(ini);
  options.secret_key = ini.text(kSection, "memcache_secret_key", "");
  options.dead_retry = seconds("memcache_pool_dead_retry", 300, 0, kDay);
  options.socket_timeout = seconds("memcache_pool_socket_timeout", 3, 1, kMinute);
  options.unused_timeout = seconds("memcache_pool_unused_timeout", 60, 0, kDay);
  options.get_timeout = seconds("memcache_pool_conn_get_timeout", 10, 0, kHour);
  options.most_connections = static_cast<std::size_t>(
      ini.integer(kSection, "memcache_pool_maxsize", 10, 1, kMostConnections));
  if (!ini.boolean(kSection, "memcache_use_advanced_pool", true)) {
    options.most_connections = kMostConnections;  // as many as there are threads that ask
    options.dead_retry = std::chrono::seconds(30);
    options.socket_timeout = std::chrono::seconds(3);
  }
  if (options.security != SharedTokenOptions::Security::kNone && options.secret_key.empty())
    throw base::ConfigError(
        "[keystone_authtoken]memcache_secret_key must be defined when a "
        "memcache_security_strategy is defined");
  return options;
}

}  // namespace inspector
