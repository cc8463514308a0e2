#include "inspector/processing/python_repr.h"

#include "inspector/python_json.h"

#include <boost/json.hpp>
#include <cmath>

namespace inspector {
namespace {

namespace json = boost::json;

void write_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\x";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

void write(std::string& out, std::string_view text) {
  const bool single = text.find('\'') == std::string_view::npos;
  const char quote = single || text.find('"') != std::string_view::npos ? '\'' : '"';
  out += quote;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      write_escape(out, byte);
    } else {
      if (c == quote || c == '\\') out += '\\';
      out += c;
    }
  }
  out += quote;
}

void write(std::string& out, double number) {
  if (std::isnan(number) || std::isinf(number)) {
    out += std::isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
    return;
  }
  append_python_float(out, number);
}

void write(std::string& out, const json::value& value);

void write(std::string& out, const json::array& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ", ";
    write(out, list[i]);
  }
  out += ']';
}

void write(std::string& out, const json::object& object) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : object) {
    if (!first) out += ", ";
    first = false;
    write(out, std::string_view(key));
    out += ": ";
    write(out, value);
  }
  out += '}';
}

void write(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "None";
      break;
    case json::kind::bool_:
      out += value.get_bool() ? "True" : "False";
      break;
    case json::kind::int64:
      out += std::to_string(value.get_int64());
      break;
    case json::kind::uint64:
      out += std::to_string(value.get_uint64());
      break;
    case json::kind::double_:
      write(out, value.get_double());
      break;
    case json::kind::string:
      write(out, std::string_view(value.get_string()));
      break;
    case json::kind::array:
      write(out, value.get_array());
      break;
    case json::kind::object:
      write(out, value.get_object());
      break;
  }
}

}  // namespace

std::string python_repr(const json::value& value) {
  std::string out;
  write(out, value);
  return out;
}

std::string python_str(const json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  return python_repr(value);
}

std::string_view python_type(const json::value& value) noexcept {
  switch (value.kind()) {
    case json::kind::null:
      return "NoneType";
    case json::kind::bool_:
      return "bool";
    case json::kind::int64:
    case json::kind::uint64:
      return "int";
    case json::kind::double_:
      return "float";
    case json::kind::string:
      return "str";
    case json::kind::array:
      return "list";
    case json::kind::object:
      break;
  }
  return "dict";
}

std::string shown(const json::value& value, std::size_t limit) {
  return cut(python_repr(value), limit);
}

std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  text.resize(end);
  return text + "...";
}

}  // namespace inspector
