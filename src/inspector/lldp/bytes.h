#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace inspector::lldp {

/// A TLV that is not what the standard says; what() becomes a note.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// nullopt: an odd number of digits, or something that is none.
std::optional<std::string> from_hex(std::string_view digits);
std::string to_hex(std::string_view bytes);  ///< in lower case
std::string to_mac(std::string_view bytes);  ///< `aa:bb:cc:dd:ee:ff`, of any length

/// Reads a value from its beginning; throws Malformed at its end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) noexcept : left_(bytes) {}

  std::string_view take(std::size_t count);
  std::uint8_t u8();
  std::uint16_t u16();  ///< both in the order of the network
  std::uint32_t u32();
  std::string_view rest() noexcept;  ///< all that is left

 private:
  std::string_view left_;
};

/// The bytes as UTF-8 text; throws Malformed naming `what`.
std::string text(std::string_view bytes, std::string_view what);

/// An address by its family in IANA's numbering: 1 IPv4, 2 IPv6, 6 MAC. nullopt: another family.
/// What stands behind the address is passed over. Throws Malformed when it is too short.
std::optional<std::string> address(std::uint8_t family, std::string_view bytes);

}  // namespace inspector::lldp
