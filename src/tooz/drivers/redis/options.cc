#include "tooz/drivers/redis/options.h"

#include "tooz/error.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tooz::redis {
namespace {

constexpr std::array<std::string_view, 21> kKnown{"timeout",
                                                  "membership_timeout",
                                                  "lock_timeout",
                                                  "namespace",
                                                  "encoding",
                                                  "db",
                                                  "retry_on_timeout",
                                                  "socket_keepalive",
                                                  "socket_timeout",
                                                  "health_check_interval",
                                                  "ssl",
                                                  "ssl_ca_certs",
                                                  "ssl_certfile",
                                                  "ssl_keyfile",
                                                  "sentinel",
                                                  "sentinel_fallback",
                                                  "sentinel_username",
                                                  "sentinel_password",
                                                  "sentinel_ssl",
                                                  "socket_connect_timeout",
                                                  "leader_timeout"};
constexpr int kMostDatabases = 1 << 20;
constexpr std::uint16_t kPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;

[[noreturn]] void bad(const Url& url, const std::string& why) {
  throw Error(Errc::kBadUrl, url.scheme + "://: " + why);
}

bool yes_or_no(const Url& url, std::string_view name) {
  std::string text = url.option(name).value_or("false");
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const char* yes : {"true", "t", "1", "on", "y", "yes"})
    if (text == yes) return true;
  for (const char* no : {"false", "f", "0", "off", "n", "no"})
    if (text == no) return false;
  bad(url, "option `" + std::string(name) + "` = `" + text + "` is neither true nor false");
}

int database(const Url& url) {
  const std::string text = url.option("db").value_or("0");
  int db = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), db);
  if (failed != std::errc{} || end != text.data() + text.size() || db < 0 || db >= kMostDatabases)
    bad(url, "option `db` = `" + text + "` is not a number of a database");
  return db;
}

void set_tls(const Url& url, Options& options) {
  options.files = {url.option("ssl_ca_certs").value_or(""), url.option("ssl_certfile").value_or(""),
                   url.option("ssl_keyfile").value_or("")};
  if (options.files.certificate.empty() != options.files.key.empty())
    bad(url, "options `ssl_certfile` and `ssl_keyfile` are given together or not at all");
  const bool asked = yes_or_no(url, "ssl");
  if (url.scheme == "rediss" && !asked && url.option("ssl"))
    bad(url, "option `ssl` says no, the scheme yes");
  options.tls = asked || url.scheme == "rediss";
  options.sentinel_tls = yes_or_no(url, "sentinel_ssl");
  const bool files = !options.files.ca.empty() || !options.files.certificate.empty();
  if (files && !options.tls && !options.sentinel_tls)
    bad(url, "certificates are for rediss://, `ssl=true` or `sentinel_ssl=true`");
}

void set_sentinel(const Url& url, Options& options) {
  options.sentinel = url.option("sentinel").value_or("");
  for (const std::string_view name :
       {"sentinel_fallback", "sentinel_username", "sentinel_password", "sentinel_ssl"})
    if (options.sentinel.empty() && url.option(name))
      bad(url, "option `" + std::string(name) + "` needs `sentinel`, the name of the master");
  if (options.sentinel.empty()) return;
  if (!options.socket.empty()) bad(url, "a local socket and `sentinel` do not go together");
  options.sentinel_user = url.option("sentinel_username").value_or("");
  options.sentinel_password = url.option("sentinel_password").value_or("");
  for (const std::string& text : url.all("sentinel_fallback")) {
    const Url other = parse_url("redis://" + text);
    if (other.hosts.empty() || !other.user.empty() || !other.path.empty())
      bad(url, "option `sentinel_fallback` = `" + text + "` is not host:port");
    options.hosts.insert(options.hosts.end(), other.hosts.begin(), other.hosts.end());
  }
}

void set_hosts(const Url& url, Options& options) {
  options.hosts = url.hosts;
  if (url.path.empty() || url.path == "/") return;
  if (!url.hosts.empty()) bad(url, "path `" + url.path + "` has no meaning; a database is `db=1`");
  options.socket = url.path;
}

void set_times(const Url& url, Options& options) {
  for (const std::string_view name :
       {"membership_timeout", "lock_timeout", "leader_timeout", "health_check_interval"})
    url.duration(name);
  for (const std::string_view name : {"retry_on_timeout", "socket_keepalive"})
    yes_or_no(url, name);
  const auto timeout = url.duration("timeout").value_or(options.timeout);
  options.timeout = url.duration("socket_timeout").value_or(timeout);
  options.connect_timeout = url.duration("socket_connect_timeout").value_or(options.timeout);
}

}  // namespace

Options options_from(const Url& url) {
  url.accept_options(kKnown);
  Options options;
  options.name = url.safe();
  set_hosts(url, options);
  set_times(url, options);
  set_tls(url, options);
  set_sentinel(url, options);
  if (options.hosts.empty() && options.socket.empty()) options.hosts.push_back({"localhost", 0});
  for (Url::Host& host : options.hosts)
    if (host.port == 0) host.port = options.sentinel.empty() ? kPort : kSentinelPort;
  if (!options.socket.empty() && options.tls) bad(url, "a local socket has no TLS");
  options.user = url.user;
  options.password = url.password;
  if (options.password.empty() && !options.user.empty()) bad(url, "a user needs a password");
  options.db = database(url);
  options.space = url.option("namespace").value_or(options.space);
  return options;
}

}  // namespace tooz::redis
