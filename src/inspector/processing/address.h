#pragma once
#include <string>
#include <string_view>

namespace inspector {

bool is_ip(std::string_view text) noexcept;      ///< IPv4 or IPv6, without zone or prefix
bool is_loopback(std::string_view ip) noexcept;  ///< 127.0.0.0/8 or ::1
bool is_mac(std::string_view text) noexcept;     ///< `xx:xx:xx:xx:xx:xx` in hexadecimal digits
std::string lower_mac(std::string_view text);    ///< in lower case, as Ironic keeps them
std::string without_zone(std::string_view ip);   ///< `fe80::1%eno1` → `fe80::1`

/// A BMC's IPv6 address as resolvers write it: without the prefix length that a ramdisk may append,
/// and in its shortest form. What is no address stays as it is.
std::string normal_ipv6(std::string_view text);

}  // namespace inspector
