#include "inspector/conductor/bmc_address.h"

#include "base/log.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/url/parse.hpp>
#include <cstring>
#include <memory>
#include <string_view>

namespace inspector {
namespace {

std::string text_of(const boost::json::object& info, std::string_view field) {
  const boost::json::value* value = info.if_contains(field);
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

/// `https://bmc.example:8443/redfish` and `[2001:db8::1]` name the host in them.
std::string host_of(const std::string& value) {
  std::string host = value;
  if (value.find("//") != std::string::npos) {
    const auto url = boost::urls::parse_uri_reference(value);
    if (!url || !url->has_authority()) return {};
    host = url->host();
  }
  std::erase_if(host, [](char c) { return c == '[' || c == ']'; });
  return host;
}

bool is_loopback(const std::string& address) {
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&six)) return six.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&six);
}

std::string configured_host(const boost::json::object& info,
                            const std::vector<std::string>& fields) {
  std::string value = text_of(info, "ipmi_address");
  for (std::size_t i = 0; value.empty() && i < fields.size(); ++i)
    value = text_of(info, fields[i]);
  return value.empty() ? value : host_of(value);
}

std::string node_uuid(const boost::json::object& node) { return text_of(node, "uuid"); }

}  // namespace

std::vector<std::string> resolve_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, nullptr, 0,
                    NI_NUMERICHOST) == 0)
      addresses.emplace_back(text);
  }
  return addresses;
}

std::vector<std::string> bmc_addresses(const boost::json::object& node,
                                       const std::vector<std::string>& fields,
                                       const Resolver& resolve) {
  const boost::json::value* driver_info = node.if_contains("driver_info");
  if (driver_info == nullptr || !driver_info->is_object()) return {};
  const boost::json::object& info = driver_info->get_object();
  const std::string bridging = text_of(info, "ipmi_bridging");
  if (!bridging.empty() && bridging != "no") return {};
  const std::string host = configured_host(info, fields);
  if (host.empty()) return {};

  const std::vector<std::string> resolved = resolve(host);
  if (resolved.empty())
    base::log_warning("inspector.bmc", "the BMC's host name does not resolve",
                      {{"node", node_uuid(node)}, {"host", host}});
  std::string four, six;
  for (const std::string& address : resolved) {
    if (is_loopback(address)) {
      base::log_warning("inspector.bmc", "Ignoring loopback BMC address " + address,
                        {{"node", node_uuid(node)}});
      continue;
    }
    (address.find(':') == std::string::npos ? four : six) = address;
  }
  std::vector<std::string> result;
  if (!four.empty()) result.push_back(four);
  if (!six.empty()) result.push_back(six);
  return result;
}

}  // namespace inspector
