#include "tooz/drivers/zookeeper/options.h"

#include "tooz/error.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tooz::zookeeper {
namespace {

constexpr std::uint16_t kPort = 2181;
constexpr std::array<std::string_view, 7> kKnown{
    "timeout", "membership_timeout", "lock_timeout", "namespace",
    "hosts",   "randomize_hosts",    "handler"};
constexpr std::array<std::string_view, 6> kTls{"use_ssl", "ca",           "certfile",
                                               "keyfile", "verify_certs", "keyfile_password"};

[[noreturn]] void bad(const Url& url, const std::string& why) {
  throw Error(Errc::kBadUrl, url.scheme + "://: " + why);
}

// As oslo.utils reads it: everything else is false.
bool is_true(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  constexpr std::array<std::string_view, 5> kTrue{"1", "t", "true", "on", "y"};
  return text == "yes" || std::ranges::find(kTrue, text) != kTrue.end();
}

void refuse_tls(const Url& url) {
  for (const std::string_view name : kTls) {
    const auto value = url.option(name);
    if (!value || (name == "use_ssl" && !is_true(*value))) continue;
    bad(url, "option `" + std::string(name) + "`: ZooKeeper's C library of Debian has no TLS");
  }
}

// As the library takes it: what follows the last colon is the port, and there are no brackets.
std::string written(const Url::Host& host) {
  return host.name + ":" + std::to_string(host.port == 0 ? kPort : host.port);
}

// `host[:port],…` of the option `hosts`.
void add_hosts(const Url& url, std::string_view text, std::vector<std::string>& hosts) {
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    const auto bracket = one.starts_with('[') ? one.find(']') : std::string_view::npos;
    const bool v6 = bracket != std::string_view::npos;
    const auto colon = one.find(':', v6 ? bracket : 0);
    std::uint16_t port = kPort;
    if (colon != std::string_view::npos) {
      const char* end = one.data() + one.size();
      const auto read = std::from_chars(one.data() + colon + 1, end, port);
      if (read.ec != std::errc() || read.ptr != end || port == 0)
        bad(url, "option `hosts`: `" + std::string(one) + "` is no host with a port");
    }
    const auto name = v6 ? one.substr(1, bracket - 1) : one.substr(0, colon);
    if (name.empty()) bad(url, "option `hosts` has an empty host");
    hosts.push_back(written({std::string(name), port}));
  }
}

std::string root_of(const Url& url, const std::string& space) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  };
  const std::string whole = "/" + space + "/";
  const bool good = std::ranges::all_of(space, plain) && whole.find("//") == std::string::npos &&
                    whole.find("/./") == std::string::npos &&
                    whole.find("/../") == std::string::npos && space != "zookeeper" &&
                    !space.starts_with("zookeeper/");
  if (!good) bad(url, "option `namespace`: `" + space + "` cannot be a node");
  return "/" + space;
}

// Once TLS is known not to be wanted, its options say nothing.
Url without_tls_options(Url url) {
  std::erase_if(url.options, [](const auto& option) {
    return std::ranges::find(kTls, std::string_view(option.first)) != kTls.end();
  });
  return url;
}

}  // namespace

Options options_from(const Url& url) {
  refuse_tls(url);
  without_tls_options(url).accept_options(kKnown);
  for (const std::string_view name : {"membership_timeout", "lock_timeout"})
    url.duration(name);
  if (!url.path.empty() && url.path != "/") bad(url, "path `" + url.path + "` has no meaning");
  if (url.user.empty() != url.password.empty()) bad(url, "a user and a password go together");
  if (url.user.find(':') != std::string::npos) bad(url, "a user cannot contain a colon");
  Options options;
  for (const Url::Host& host : url.hosts)
    options.hosts.push_back(written(host));
  add_hosts(url, url.option("hosts").value_or(""), options.hosts);
  if (options.hosts.empty()) options.hosts.push_back(written({"localhost", 0}));
  if (const auto text = url.option("randomize_hosts")) options.shuffle = is_true(*text);
  if (!url.user.empty()) options.credentials = url.user + ":" + url.password;
  if (const auto space = url.option("namespace")) options.root = root_of(url, *space);
  options.timeout = url.duration("timeout").value_or(options.timeout);
  options.name = url.safe();
  return options;
}

}  // namespace tooz::zookeeper
