#include "tooz/drivers/memcached/options.h"

#include "tooz/error.h"

#include <array>

namespace tooz::memcached {
namespace {

constexpr std::array<std::string_view, 5> kKnown{"timeout", "membership_timeout", "lock_timeout",
                                                 "leader_timeout", "max_pool_size"};
constexpr std::array<std::string_view, 7> kTls{
    "use_ssl",     "ca_cert",          "ssl_key",           "ssl_cert",
    "ssl_ciphers", "ssl_key_password", "ssl_check_hostname"};
constexpr std::uint16_t kPort = 11211;

[[noreturn]] void bad(const std::string& why) {
  throw Error(Errc::kBadUrl, "memcached://: " + why);
}

}  // namespace

Options options_from(const Url& url) {
  for (const std::string_view name : kTls)
    if (url.option(name))
      bad("option `" + std::string(name) + "`: there is no TLS for memcached here");
  url.accept_options(kKnown);
  for (const std::string_view name : {"membership_timeout", "lock_timeout", "leader_timeout"})
    url.duration(name);
  if (url.hosts.size() > 1) bad("one server only: what several keep could not be kept together");
  if (!url.path.empty() && url.path != "/") bad("path `" + url.path + "` has no meaning");
  if (!url.user.empty() || !url.password.empty()) bad("there is no login");
  Options options;
  options.host = url.hosts.empty() ? Url::Host{"localhost", 0} : url.hosts.front();
  if (options.host.port == 0) options.host.port = kPort;
  options.timeout = url.duration("timeout").value_or(options.timeout);
  options.name = url.safe();
  return options;
}

}  // namespace tooz::memcached
