#include "inspector/rules/format_field.h"

#include "inspector/processing/python_repr.h"
#include "inspector/rules/format_attribute.h"
#include "inspector/rules/python_error.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace inspector {
namespace {

namespace json = boost::json;

std::string repr(std::string_view text) { return python_repr(json::value(text)); }

std::string type_of(const json::value& value) { return std::string(python_type(value)); }

/// Digits only, as Python takes a key for a number; one too big is the biggest.
std::optional<std::size_t> index_of(std::string_view key) {
  if (key.empty() || !std::ranges::all_of(key, [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  std::size_t index = 0;
  if (std::from_chars(key.data(), key.data() + key.size(), index).ec != std::errc())
    throw PythonError("ValueError", "Too many decimal digits in format string");
  return index;
}

const json::value* character(std::string_view text, std::optional<std::size_t> index,
                             json::value& made) {
  if (!index) throw PythonError("TypeError", "string indices must be integers, not 'str'");
  std::size_t begin = 0;
  const auto next = [&](std::size_t from) {
    ++from;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
      ++from;
    return from;
  };
  for (std::size_t i = 0; i < *index && begin < text.size(); ++i)
    begin = next(begin);
  if (begin >= text.size()) throw PythonError("IndexError", "string index out of range");
  made = json::value(std::string(text.substr(begin, next(begin) - begin)));
  return &made;
}

const json::value* item(const json::value& from, std::string_view key, json::value& made) {
  const std::optional<std::size_t> index = index_of(key);
  if (const json::object* object = from.if_object()) {
    const json::value* found = index ? nullptr : object->if_contains(key);
    if (found == nullptr) throw PythonError("KeyError", index ? std::string(key) : repr(key));
    return found;
  }
  if (const json::array* list = from.if_array()) {
    if (!index) throw PythonError("TypeError", "list indices must be integers or slices, not str");
    if (*index >= list->size()) throw PythonError("IndexError", "list index out of range");
    return &(*list)[*index];
  }
  if (from.is_string()) return character(std::string(from.get_string()), index, made);
  throw PythonError("TypeError", "'" + type_of(from) + "' object is not subscriptable");
}

const json::value* attribute(const json::value& from, std::string_view name, json::value& made) {
  std::optional<json::value> found = format_attribute(from, name);
  if (!found)
    throw PythonError("AttributeError", "'" + type_of(from) + "' object has no attribute '" +
                                            std::string(name) + "'");
  made = *std::move(found);
  return &made;
}

void check_first(std::string_view name) {
  if (name == "data") return;
  const std::optional<std::size_t> position = name.empty() ? 0 : index_of(name);
  if (!position) throw PythonError("KeyError", repr(name));
  throw PythonError("IndexError", "Replacement index " + std::to_string(*position) +
                                      " out of range for positional args tuple");
}

}  // namespace

const json::value* find_format_field(std::string_view name, const json::value& data,
                                     json::value& made) {
  const std::size_t first = std::min(name.find_first_of(".["), name.size());
  check_first(name.substr(0, first));
  name.remove_prefix(first);
  const json::value* value = &data;
  while (!name.empty()) {
    const bool brackets = name.front() == '[';
    if (!brackets && name.front() != '.')
      throw PythonError("ValueError", "Only '.' or '[' may follow ']' in format field specifier");
    name.remove_prefix(1);
    const std::size_t end =
        brackets ? name.find(']') : std::min(name.find_first_of(".["), name.size());
    if (end == std::string_view::npos)
      throw PythonError("ValueError", "Missing ']' in format string");
    const std::string_view key = name.substr(0, end);
    if (key.empty()) throw PythonError("ValueError", "Empty attribute in format string");
    value = brackets ? item(*value, key, made) : attribute(*value, key, made);
    name.remove_prefix(brackets ? end + 1 : end);
  }
  return value;
}

}  // namespace inspector
