#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace inspector {

/// An address of either version, in network order; of IPv4 the first four bytes.
struct IpAddress {
  int version = 4;
  std::array<std::uint8_t, 16> bytes{};
};

/// nullopt: it is none. Blanks around are not accepted.
std::optional<IpAddress> parse_ip(std::string_view text);

/// `10.0.0.0/8`, `10/8`, `10.0.0.0/255.0.0.0`, `fe80::/10`, or one address.
class IpNetwork {
 public:
  /// Throws std::invalid_argument: `invalid IPNetwork {text}`.
  explicit IpNetwork(const std::string& text);

  /// Whether its address has bits behind the prefix (`10.0.0.1/8`).
  bool has_host_bits() const noexcept;
  bool contains(const IpAddress& address) const noexcept;  ///< false for the other version

 private:
  IpAddress address_;
  int prefix_ = 0;  ///< bits
};

}  // namespace inspector
