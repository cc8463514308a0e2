#include "inspector/service/endpoint.h"

#include "base/ini.h"
#include "inspector/conductor/bmc_address.h"
#include "tooz/url.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>

namespace inspector {
namespace {

bool is_loopback(std::string_view address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.");
}

bool is_any(std::string_view address) {
  return address.empty() || address == "::" || address == "0.0.0.0";
}

std::string in_url(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// `host` or `host:port`; an IPv6 address with a port stands in brackets.
std::string with_port(const std::string& advertise, const std::string& port) {
  const std::size_t colon = advertise.rfind(':');
  const bool bracketed = advertise.starts_with('[');
  const bool has_port = colon != std::string::npos &&
                        (bracketed ? advertise[colon - 1] == ']' : advertise.find(':') == colon);
  if (has_port) return advertise;
  return (bracketed ? advertise : in_url(advertise)) + ":" + port;
}

/// The address that a packet to `to` would leave from; nothing is sent.
std::optional<std::string> route_to(const tooz::Url::Host& to) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(to.port == 0 ? 1 : to.port);
  if (getaddrinfo(to.name.c_str(), port.c_str(), &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const int fd = socket(each->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    char text[NI_MAXHOST];
    const bool known = connect(fd, each->ai_addr, each->ai_addrlen) == 0 &&
                       getsockname(fd, reinterpret_cast<sockaddr*>(&from), &size) == 0 &&
                       getnameinfo(reinterpret_cast<sockaddr*>(&from), size, text, sizeof text,
                                   nullptr, 0, NI_NUMERICHOST) == 0;
    close(fd);
    if (known) return std::string(text);
  }
  return std::nullopt;
}

std::optional<tooz::Url::Host> first_host(const std::string& backend_url) {
  const tooz::Url url = tooz::parse_url(backend_url);
  if (url.hosts.empty() || url.hosts.front().name.empty()) return std::nullopt;
  return url.hosts.front();
}

}  // namespace

std::string endpoint_url(const RpcOptions& options, std::uint16_t port, const std::string& host,
                         const std::string& backend_url) {
  const std::string scheme = options.server.tls ? "https://" : "http://";
  const std::string port_text = std::to_string(port);
  if (options.advertise.find("://") != std::string::npos) return options.advertise;
  if (!options.advertise.empty()) return scheme + with_port(options.advertise, port_text);
  if (!is_any(options.server.address))
    return scheme + in_url(options.server.address) + ":" + port_text;

  const std::optional<tooz::Url::Host> backend = first_host(backend_url);
  const std::vector<std::string> addresses = resolve_host(host);
  const bool near = !backend || is_loopback(backend->name);
  if (!addresses.empty() && (near || !std::ranges::all_of(addresses, is_loopback)))
    return scheme + in_url(host) + ":" + port_text;
  if (!backend) return scheme + "127.0.0.1:" + port_text;
  if (const std::optional<std::string> route = route_to(*backend))
    return scheme + in_url(*route) + ":" + port_text;
  throw base::ConfigError(
      "[json_rpc]advertise is not set, and the address that API processes can call this conductor "
      "by cannot be worked out: [DEFAULT]host = " +
      host + " does not resolve, and there is no route to the coordination backend");
}

}  // namespace inspector
