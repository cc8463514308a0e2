#include "inspector/rules/python_address.h"

#include "inspector/processing/python_repr.h"
#include "inspector/rules/python_error.h"

#include <boost/json.hpp>
#include <limits>
#include <optional>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::size_t kShown = 200;  // bytes of a value in an error text

IpAddress of_number(std::uint64_t number) {
  IpAddress address;
  address.version = number <= std::numeric_limits<std::uint32_t>::max() ? 4 : 6;
  for (std::size_t at = address.version == 4 ? 4 : address.bytes.size(); number != 0; number >>= 8U)
    address.bytes[--at] = static_cast<std::uint8_t>(number & 0xFFU);
  return address;
}

std::optional<IpAddress> detected(const json::value& value) {
  if (const bool* flag = value.if_bool()) return of_number(*flag ? 1 : 0);
  if (const std::uint64_t* number = value.if_uint64()) return of_number(*number);
  if (const std::int64_t* number = value.if_int64(); number != nullptr && *number >= 0)
    return of_number(static_cast<std::uint64_t>(*number));
  if (const json::string* text = value.if_string()) return parse_ip(*text);
  return std::nullopt;
}

}  // namespace

IpAddress python_address(const json::value& value) {
  if (const auto address = detected(value)) return *address;
  const std::string type(python_type(value));
  if (value.is_null() || value.is_double())
    throw PythonError("TypeError", "argument of type '" + type + "' is not iterable");
  if (value.is_array() || value.is_object())
    throw PythonError("AttributeError", "'" + type + "' object has no attribute 'split'");
  const json::string* text = value.if_string();
  if (text != nullptr && text->find('/') != json::string::npos)
    throw PythonError("ValueError",
                      "IPAddress() does not support netmasks or subnet prefixes! See documentation "
                      "for details.");
  throw PythonError("AddrFormatError",
                    "failed to detect a valid IP address from " + shown(value, kShown));
}

}  // namespace inspector
