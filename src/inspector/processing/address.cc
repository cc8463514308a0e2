#include "inspector/processing/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace inspector {
namespace {

bool parse(int family, std::string_view text, void* into) noexcept {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return false;
  std::ranges::copy(text, copy.begin());
  return inet_pton(family, copy.data(), into) == 1;
}

}  // namespace

bool is_ip(std::string_view text) noexcept {
  in_addr v4{};
  in6_addr v6{};
  return parse(AF_INET, text, &v4) || parse(AF_INET6, text, &v6);
}

bool is_loopback(std::string_view ip) noexcept {
  in_addr v4{};
  in6_addr v6{};
  if (parse(AF_INET, ip, &v4)) return ntohl(v4.s_addr) >> 24 == 127;
  return parse(AF_INET6, ip, &v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_mac(std::string_view text) noexcept {
  constexpr std::size_t kLength = 17;
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool fits =
        i % 3 == 2 ? text[i] == ':' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    if (!fits) return false;
  }
  return true;
}

std::string lower_mac(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string without_zone(std::string_view ip) { return std::string(ip.substr(0, ip.find('%'))); }

std::string normal_ipv6(std::string_view text) {
  const auto address = text.substr(0, text.find('/'));
  in6_addr v6{};
  if (!parse(AF_INET6, address, &v6)) return std::string(text);
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(AF_INET6, &v6, out.data(), out.size());
  return out.data();
}

}  // namespace inspector
