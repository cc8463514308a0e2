#include "inspector/uuid.h"

#include <cctype>
#include <cstdint>

namespace inspector {
namespace {

constexpr std::size_t kDigits = 32;

std::string_view undressed(std::string_view text) {
  for (const std::string_view prefix : {std::string_view("urn:"), std::string_view("uuid:")})
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  while (text.starts_with('{') || text.starts_with('}'))
    text.remove_prefix(1);
  while (text.ends_with('{') || text.ends_with('}'))
    text.remove_suffix(1);
  return text;
}

/// The last `digits` digits of `number`, ending at `last`; printf takes ten times as long, and each
/// request has one.
void put_hex(std::string& text, std::size_t last, std::size_t digits, std::uint64_t number) {
  for (; digits > 0; --digits, number >>= 4U)
    text[last--] = "0123456789abcdef"[number & 0xfU];
}

}  // namespace

bool is_uuid_like(std::string_view text) { return canonical_uuid(text).has_value(); }

std::optional<std::string> canonical_uuid(std::string_view text) {
  std::string uuid;
  for (const char c : undressed(text)) {
    if (c == '-') continue;
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0 || uuid.size() == kDigits)
      return std::nullopt;
    uuid += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (uuid.size() != kDigits) return std::nullopt;
  for (const std::size_t at : {8U, 13U, 18U, 23U})
    uuid.insert(at, 1, '-');
  return uuid;
}

std::string random_uuid(base::Env& env) {
  const std::uint64_t high = env.random();
  const std::uint64_t low = env.random();
  std::string text = "00000000-0000-4000-8000-000000000000";
  put_hex(text, 7, 8, high >> 32U);
  put_hex(text, 12, 4, high >> 16U);
  put_hex(text, 17, 3, high);
  put_hex(text, 22, 4, (low >> 48U & 0x3fffU) | 0x8000U);
  put_hex(text, 35, 12, low);
  return text;
}

}  // namespace inspector
