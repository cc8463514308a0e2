#include "inspector/lldp/bytes.h"

#include "inspector/utf8.h"

#include <arpa/inet.h>

#include <array>

namespace inspector::lldp {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kIpv4 = 4, kIpv6 = 16, kMac = 6;
constexpr unsigned kByte = 8, kNibble = 4;

int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string printed(int family, std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(family, bytes.data(), out.data(), out.size());
  return out.data();
}

}  // namespace

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit(digits[i]), low = digit(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high << kNibble | low));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {kDigits[byte >> kNibble], kDigits[byte & 0xFU]};
  }
  return out;
}

std::string to_mac(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out += (i == 0 ? "" : ":") + to_hex(bytes.substr(i, 1));
  return out;
}

std::string_view Reader::take(std::size_t count) {
  if (count > left_.size())
    throw Malformed("TLV parse error: expected " + std::to_string(count) + " bytes, found " +
                    std::to_string(left_.size()));
  const auto taken = left_.substr(0, count);
  left_.remove_prefix(count);
  return taken;
}

std::uint8_t Reader::u8() { return static_cast<std::uint8_t>(take(1)[0]); }

std::uint16_t Reader::u16() {
  const auto bytes = take(2);
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << kByte |
                                    static_cast<unsigned char>(bytes[1]));
}

std::uint32_t Reader::u32() {
  const std::uint32_t high = u16();
  return high << (2 * kByte) | u16();
}

std::string_view Reader::rest() noexcept { return take(left_.size()); }

std::string text(std::string_view bytes, std::string_view what) {
  if (!valid_utf8(bytes))
    throw Malformed(std::string(what) +
                    " can't be decoded: it is not UTF-8: " + to_hex(bytes.substr(0, 32)));
  return std::string(bytes);
}

std::optional<std::string> address(std::uint8_t family, std::string_view bytes) {
  enum Family : std::uint8_t { kFamilyIpv4 = 1, kFamilyIpv6 = 2, kFamilyMac = 6 };
  Reader reader(bytes);
  switch (family) {
    case kFamilyIpv4:
      return printed(AF_INET, reader.take(kIpv4));
    case kFamilyIpv6:
      return printed(AF_INET6, reader.take(kIpv6));
    case kFamilyMac:
      return to_mac(reader.take(kMac));
    default:
      return std::nullopt;
  }
}

}  // namespace inspector::lldp
