#pragma once
#include <string>
#include <string_view>

namespace inspector {

/// No stray or missing continuation bytes, no overlong forms, no surrogates.
bool valid_utf8(std::string_view text) noexcept;

/// `text` with each byte that is not part of a valid character replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace inspector
