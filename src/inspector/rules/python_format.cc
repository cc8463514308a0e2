#include "inspector/rules/python_format.h"

#include "inspector/error.h"
#include "inspector/processing/python_repr.h"
#include "inspector/rules/format_field.h"
#include "inspector/rules/format_spec.h"
#include "inspector/rules/python_error.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

[[noreturn]] void value_error(const std::string& text) { throw PythonError("ValueError", text); }

/// What stands between the braces.
struct Field {
  std::string_view name;
  char conversion = 0;
  std::string_view spec;
};

/// The field that begins at `text`, behind its brace; `text` goes on behind the closing one.
std::string_view take_braced(std::string_view& text) {
  int depth = 1;
  bool in_brackets = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') in_brackets = true;
    if (text[i] == ']') in_brackets = false;
    if (in_brackets) continue;
    if (text[i] == '{') ++depth;
    if (text[i] != '}' || --depth != 0) continue;
    const std::string_view field = text.substr(0, i);
    text.remove_prefix(i + 1);
    return field;
  }
  value_error("expected '}' before end of string");
}

Field take_apart(std::string_view text) {
  Field field;
  bool in_brackets = false;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (c == '{') value_error("unexpected '{' in field name");
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if (!in_brackets && (c == ':' || c == '!')) break;
  }
  field.name = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with('!')) {
    if (text.size() < 2) value_error("end of string while looking for conversion specifier");
    field.conversion = text[1];
    text.remove_prefix(2);
    if (!text.empty() && text.front() != ':')
      value_error("expected ':' after conversion specifier");
  }
  if (!text.empty()) field.spec = text.substr(1);
  return field;
}

/// Every character beyond ASCII as an escape.
std::string ascii(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += text[i];
      continue;
    }
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    unsigned code = lead & (0x3FU >> more);
    for (int k = 0; k < more && i + 1 < text.size(); ++k)
      code = code << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU);
    char escape[16];
    std::snprintf(escape, sizeof escape,
                  code > 0xFFFF ? "\\U%08x"
                  : code > 0xFF ? "\\u%04x"
                                : "\\x%02x",
                  code);
    out += escape;
  }
  return out;
}

json::value converted(const json::value& value, char conversion) {
  switch (conversion) {
    case 's':
      return json::value(python_str(value));
    case 'r':
      return json::value(python_repr(value));
    case 'a':
      return json::value(ascii(python_repr(value)));
    default:
      value_error("Unknown conversion specifier " + std::string(1, conversion));
  }
}

std::string format(std::string_view text, const json::value& data, int depth, Effort& effort);

std::string format_field(const Field& field, const json::value& data, int depth, Effort& effort) {
  json::value made;
  const json::value* value = find_format_field(field.name, data, made);
  json::value other;
  if (field.conversion != 0) {
    other = converted(*value, field.conversion);
    value = &other;
  }
  const std::string spec = format(field.spec, data, depth - 1, effort);
  return format_value(*value, spec, effort);
}

/// @param depth how many fields may stand within each other
std::string format(std::string_view text, const json::value& data, int depth, Effort& effort) {
  if (text.empty()) return {};
  if (depth < 0) value_error("Max string recursion exceeded");
  std::string out;
  while (!text.empty()) {
    const std::size_t brace = text.find_first_of("{}");
    out += text.substr(0, brace);
    if (brace == std::string_view::npos) break;
    const char c = text[brace];
    text.remove_prefix(brace + 1);
    if (text.starts_with(c)) {
      out += c;
      text.remove_prefix(1);
      continue;
    }
    if (c == '}') value_error("Single '}' encountered in format string");
    if (text.empty()) value_error("Single '{' encountered in format string");
    out += format_field(take_apart(take_braced(text)), data, depth, effort);
    effort.step(out.size() / 64);
    if (out.size() > Effort::kLongestText) break;  // effort.text() below says so
  }
  effort.text(out.size());
  return out;
}

std::string formatted(std::string_view text, const json::value& value, const json::value& data,
                      Effort& effort) {
  constexpr std::size_t kShown = 1000;
  try {
    return python_format(text, data, effort);
  } catch (const PythonError& error) {
    if (error.type() != "KeyError") throw;
    throw Error(Errc::kBadRequest, "Invalid formatting variable key provided in value " +
                                       cut(python_str(value), kShown) + ": " + error.what());
  }
}

}  // namespace

std::string python_format(std::string_view text, const json::value& data, Effort& effort) {
  constexpr int kDepth = 1;  // a field in a field's specification
  return format(text, data, kDepth, effort);
}

json::value format_texts(const json::value& value, const json::value& data, Effort& effort) {
  effort.step();
  if (value.is_string()) return json::value(formatted(value.get_string(), value, data, effort));
  if (const json::array* list = value.if_array()) {
    json::array out;
    for (const json::value& item : *list)
      out.push_back(format_texts(item, data, effort));
    return out;
  }
  if (const json::object* object = value.if_object()) {
    json::object out;
    for (const auto& [key, member] : *object)
      out[formatted(key, json::value(key), data, effort)] = format_texts(member, data, effort);
    return out;
  }
  return value;
}

}  // namespace inspector
