#pragma once
#include <string>
#include <string_view>

namespace sql {

/// One `name='value' ` of the connect strings that libpq and SOCI read, quotes escaped.
inline std::string connect_parameter(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "' ";
}

}  // namespace sql
