#include "inspector/ip_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace inspector {
namespace {

int bits(int version) { return version == 4 ? 32 : 128; }

bool bit(const IpAddress& address, int at) {
  const auto byte = address.bytes[static_cast<std::size_t>(at) / 8];
  return ((byte >> (7 - at % 8)) & 1) != 0;
}

/// The ones at the front of a netmask (or zeros, of a host mask); nullopt: others stand behind.
std::optional<int> length_of_mask(const IpAddress& mask) {
  const bool front = bit(mask, 0);
  int length = 0;
  while (length < bits(mask.version) && bit(mask, length) == front)
    ++length;
  for (int i = length; i < bits(mask.version); ++i)
    if (bit(mask, i) == front) return std::nullopt;
  return length;
}

std::optional<int> prefix_of(std::string_view text, int version) {
  int length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failed == std::errc() && end == text.data() + text.size())
    return length >= 0 && length <= bits(version) ? std::optional(length) : std::nullopt;
  const std::optional<IpAddress> mask = parse_ip(text);
  if (!mask || mask->version != version) return std::nullopt;
  return length_of_mask(*mask);
}

/// `10` and `192.168` as network addresses: what is missing is 0.
std::string completed(std::string_view text) {
  std::string out(text);
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return out;
  for (auto dots = std::count(out.begin(), out.end(), '.'); dots < 3; ++dots)
    out += ".0";
  return out;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  const std::string copy(text);
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) return address;
  address.version = 6;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

IpNetwork::IpNetwork(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string_view front = std::string_view(text).substr(0, slash);
  const std::optional<IpAddress> address =
      parse_ip(slash == std::string::npos ? std::string(front) : completed(front));
  std::optional<int> prefix;
  if (address)
    prefix = slash == std::string::npos
                 ? bits(address->version)
                 : prefix_of(std::string_view(text).substr(slash + 1), address->version);
  if (!prefix) throw std::invalid_argument("invalid IPNetwork " + text);
  address_ = *address;
  prefix_ = *prefix;
}

bool IpNetwork::has_host_bits() const noexcept {
  for (int i = prefix_; i < bits(address_.version); ++i)
    if (bit(address_, i)) return true;
  return false;
}

bool IpNetwork::contains(const IpAddress& address) const noexcept {
  if (address.version != address_.version) return false;
  for (int i = 0; i < prefix_; ++i)
    if (bit(address, i) != bit(address_, i)) return false;
  return true;
}

}  // namespace inspector
