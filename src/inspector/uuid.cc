#include "inspector/uuid.h"

#include <cctype>
#include <cstdio>

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
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx",
                static_cast<unsigned>(high >> 32U), static_cast<unsigned>(high >> 16U & 0xffffU),
                static_cast<unsigned>(high & 0xfffU),
                static_cast<unsigned>(low >> 48U & 0x3fffU) | 0x8000U,
                static_cast<unsigned long long>(low & 0xffffffffffffU));
  return text;
}

}  // namespace inspector
