#include "inspector/uuid.h"

#include <algorithm>
#include <cctype>

namespace inspector {
namespace {

constexpr std::ptrdiff_t kDigits = 32;

}  // namespace

bool is_uuid_like(std::string_view text) {
  for (const std::string_view prefix : {std::string_view("urn:"), std::string_view("uuid:")})
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  while (text.starts_with('{') || text.starts_with('}'))
    text.remove_prefix(1);
  while (text.ends_with('{') || text.ends_with('}'))
    text.remove_suffix(1);
  const bool only_digits =
      std::ranges::all_of(text, [](unsigned char c) { return c == '-' || std::isxdigit(c) != 0; });
  return only_digits && std::ssize(text) - std::ranges::count(text, '-') == kDigits;
}

}  // namespace inspector
