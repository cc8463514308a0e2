#include "inspector/processing/fields.h"

#include "base/log.h"
#include "inspector/processing/hook.h"
#include "inspector/processing/python_repr.h"

#include <charconv>
#include <cmath>

namespace inspector {
namespace {

namespace json = boost::json;

std::string_view last_part(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

const json::value* find_field(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::object* object_field(const json::object& object, std::string_view path) {
  const auto* value = find_field(object, last_part(path));
  if (value == nullptr) return nullptr;
  if (!value->is_object()) reject_field(path, "an object", *value);
  return &value->get_object();
}

const json::array* list_field(const json::object& object, std::string_view path) {
  const auto* value = find_field(object, last_part(path));
  if (value == nullptr) return nullptr;
  if (!value->is_array()) reject_field(path, "a list", *value);
  return &value->get_array();
}

std::optional<std::string_view> text_field(const json::object& object, std::string_view path) {
  const auto* value = find_field(object, last_part(path));
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) reject_field(path, "a string", *value);
  return value->get_string();
}

std::string_view text_or_empty(const json::object& object, std::string_view key) noexcept {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

void reject_field(std::string_view path, std::string_view wanted, const json::value& found) {
  throw Rejected(std::string(path) + ": expected " + std::string(wanted) + ", got " + shown(found));
}

bool truthy(const json::value& value) noexcept {
  switch (value.kind()) {
    case json::kind::null:
      return false;
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::int64:
      return value.get_int64() != 0;
    case json::kind::uint64:
      return value.get_uint64() != 0;
    case json::kind::double_:
      return value.get_double() != 0;
    case json::kind::string:
      return !value.get_string().empty();
    case json::kind::array:
      return !value.get_array().empty();
    case json::kind::object:
      break;
  }
  return !value.get_object().empty();
}

std::optional<std::int64_t> as_integer(const json::value& value) noexcept {
  if (const auto* number = value.if_int64()) return *number;
  if (const auto* flag = value.if_bool()) return *flag ? 1 : 0;
  if (const auto* text = value.if_string()) return parse_integer(*text);
  constexpr double kTooLarge = 9.2e18;
  if (const auto* number = value.if_double();
      number != nullptr && std::isfinite(*number) && std::fabs(*number) < kTooLarge)
    return static_cast<std::int64_t>(*number);
  return std::nullopt;
}

json::object& checked_inventory(json::object& report) {
  auto* found = report.if_contains("inventory");
  if (found == nullptr || !truthy(*found)) throw Rejected("Hardware inventory is empty or missing");
  if (!found->is_object()) reject_field("inventory", "an object", *found);
  json::object& inventory = found->get_object();

  const auto* interfaces = inventory.if_contains("interfaces");
  if (interfaces == nullptr || !truthy(*interfaces))
    throw Rejected("No network interfaces provided in the inventory");
  if (!interfaces->is_array()) reject_field("inventory.interfaces", "a list", *interfaces);

  const auto* disks = inventory.if_contains("disks");
  if (disks == nullptr || !truthy(*disks)) {
    base::log_info("processing",
                   "No disks were detected in the inventory, assuming a disk-less node");
    inventory["disks"] = json::array();
  } else if (!disks->is_array()) {
    reject_field("inventory.disks", "a list", *disks);
  }
  return inventory;
}

}  // namespace inspector
