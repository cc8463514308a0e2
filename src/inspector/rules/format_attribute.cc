#include "inspector/rules/format_attribute.h"

#include "inspector/processing/python_repr.h"

#include <boost/json.hpp>

#include <string>

namespace inspector {
namespace {

namespace json = boost::json;

struct Methods {
  std::string_view type;
  std::string_view of_value;  ///< each with a blank before and behind it
  std::string_view of_type;
};

constexpr Methods kMethods[] = {
    {"dict", " clear copy get items keys pop popitem setdefault update values ", " fromkeys "},
    {"list", " append clear copy count extend index insert pop remove reverse sort ", ""},
    {"str",
     " capitalize casefold center count encode endswith expandtabs find format format_map index "
     "isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace "
     "istitle isupper join ljust lower lstrip partition removeprefix removesuffix replace rfind "
     "rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title "
     "translate upper zfill ",
     " maketrans "},
    {"int", " as_integer_ratio bit_count bit_length conjugate to_bytes ", " from_bytes "},
    {"bool", " as_integer_ratio bit_count bit_length conjugate to_bytes ", " from_bytes "},
    {"float", " as_integer_ratio conjugate hex is_integer ", " fromhex "},
};

std::optional<json::value> part_of_number(const json::value& number, std::string_view name) {
  const bool whole = !number.is_double();
  if (name == "real" || (whole && name == "numerator")) {
    if (number.is_bool()) return number.get_bool() ? 1 : 0;
    return number;
  }
  if (name == "imag") return whole ? json::value(0) : json::value(0.0);
  if (whole && name == "denominator") return 1;
  return std::nullopt;
}

std::string method(std::string_view name, std::string_view owner) {
  return "<built-in method " + std::string(name) + " of " + std::string(owner) +
         " object at 0x7f0000000000>";
}

}  // namespace

std::optional<json::value> format_attribute(const json::value& value, std::string_view name) {
  const std::string_view type = python_type(value);
  if (name == "__class__") return json::value("<class '" + std::string(type) + "'>");
  if (value.is_number() || value.is_bool())
    if (auto part = part_of_number(value, name)) return part;
  const std::string word = " " + std::string(name) + " ";
  for (const Methods& methods : kMethods) {
    if (methods.type != type || name.find(' ') != std::string_view::npos) continue;
    if (methods.of_value.find(word) != std::string_view::npos)
      return json::value(method(name, type));
    if (methods.of_type.find(word) != std::string_view::npos)
      return json::value(method(name, "type"));
  }
  return std::nullopt;
}

}  // namespace inspector
