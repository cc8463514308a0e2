#include "tooz/drivers/postgresql/options.h"

#include <algorithm>
#include <array>

namespace tooz::postgresql {
namespace {

constexpr std::uint16_t kDefaultPort = 5432;
constexpr std::array<std::string_view, 10> kKnown{
    "timeout", "membership_timeout", "lock_timeout", "host",  "port", "dbname",
    "sslmode", "sslrootcert",        "sslcert",      "sslkey"};
constexpr std::array<std::string_view, 6> kSslModes{"disable", "allow",     "prefer",
                                                    "require", "verify-ca", "verify-full"};

[[noreturn]] void bad(const std::string& why) {
  throw Error(Errc::kBadUrl, "postgresql://: " + why);
}

std::uint16_t port_from(const std::string& text) {
  int port = 0;
  for (const char c : text)
    port = c >= '0' && c <= '9' && port <= 65535 ? port * 10 + (c - '0') : 1 << 20;
  if (port < 1 || port > 65535)
    bad("option `port` = `" + text + "` is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

// The options `host` and `port` win over the URL's, as in Python.
std::vector<Url::Host> hosts_of(const Url& url) {
  std::vector<Url::Host> hosts = url.hosts;
  if (const auto host = url.option("host")) hosts = {{*host, 0}};
  if (hosts.empty()) hosts = {{"localhost", 0}};
  const auto port = url.option("port");
  for (auto& host : hosts) {
    if (port) host.port = port_from(*port);
    if (host.port == 0) host.port = kDefaultPort;
  }
  return hosts;
}

std::string database_of(const Url& url) {
  if (const auto name = url.option("dbname")) return *name;
  return url.path.empty() ? "" : url.path.substr(1);
}

}  // namespace

Options options_from(const Url& url) {
  url.accept_options(kKnown);
  for (const std::string_view name : {"membership_timeout", "lock_timeout"})
    url.duration(name);
  if (url.user.empty() && !url.password.empty()) bad("a password needs a user");
  Options options;
  options.settings.hosts = hosts_of(url);
  options.settings.timeout = url.duration("timeout").value_or(options.settings.timeout);
  options.settings.name = url.safe();
  options.parameters = {{"application_name", "tooz"}};
  const auto set = [&](const char* name, const std::string& value) {
    if (!value.empty()) options.parameters[name] = value;
  };
  set("user", url.user);
  set("password", url.password);
  set("dbname", database_of(url));
  for (const char* name : {"sslmode", "sslrootcert", "sslcert", "sslkey"})
    set(name, url.option(name).value_or(""));
  const auto mode = url.option("sslmode");
  if (mode && std::ranges::find(kSslModes, *mode) == kSslModes.end())
    bad("option `sslmode` = `" + *mode +
        "` is none of disable, allow, prefer, require, verify-ca, verify-full");
  if (url.option("sslcert").has_value() != url.option("sslkey").has_value())
    bad("options `sslcert` and `sslkey` are given together or not at all");
  return options;
}

}  // namespace tooz::postgresql
