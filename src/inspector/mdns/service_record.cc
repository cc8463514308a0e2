#include "inspector/mdns/service_record.h"

#include <arpa/inet.h>

#include <array>
#include <boost/url.hpp>
#include <stdexcept>

namespace inspector {
namespace {

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

std::string host_of(const boost::urls::url_view& url) {
  std::string host = url.host_address();
  if (host.empty()) throw std::runtime_error("the endpoint of the API has no host");
  return host;
}

}  // namespace

ServiceRecord service_record(std::string_view endpoint,
                             std::vector<std::pair<std::string, std::string>> params,
                             const Resolver& resolve) {
  const auto url = boost::urls::parse_uri(endpoint);
  if (!url || (url->scheme() != "http" && url->scheme() != "https"))
    throw std::runtime_error("the endpoint of the API is not an http or https URL");
  const std::string host = host_of(*url);
  const bool secure = url->scheme() == "https";
  ServiceRecord record;
  record.port =
      url->port_number() != 0 ? url->port_number() : static_cast<std::uint16_t>(secure ? 443 : 80);
  record.txt = std::move(params);
  std::string path = url->path();
  while (path.ends_with('/'))
    path.pop_back();
  if (!path.empty()) record.txt.emplace_back("path", path);
  if (record.port != (secure ? 443 : 80) || (record.port != 80 && record.port != 443))
    record.txt.emplace_back("protocol", secure ? "https" : "http");
  if (is_address(host)) {
    record.addresses = {host};
    return record;
  }
  record.host = host;
  record.addresses = resolve(host);
  if (record.addresses.empty()) throw std::runtime_error("No suitable addresses found for " + host);
  return record;
}

}  // namespace inspector
