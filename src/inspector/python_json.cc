#include "inspector/python_json.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>

namespace inspector {
namespace {

namespace json = boost::json;

/// Characters that stand for themselves.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = ' '; c <= '~'; ++c)
    plain[c] = c != '"' && c != '\\';
  return plain;
}();

class Writer {
 public:
  struct Style {
    std::string_view comma, colon;
    bool sorted;
  };

  explicit Writer(const Style& style) : style_(style) { out_.reserve(512); }

  void write(const json::value& value) {
    switch (value.kind()) {
      case json::kind::null:
        out_ += "null";
        break;
      case json::kind::bool_:
        out_ += value.get_bool() ? "true" : "false";
        break;
      case json::kind::int64:
        write_integer(value.get_int64());
        break;
      case json::kind::uint64:
        write_integer(value.get_uint64());
        break;
      case json::kind::double_:
        write_float(value.get_double());
        break;
      case json::kind::string:
        write_text(value.get_string());
        break;
      case json::kind::array:
        write_array(value.get_array());
        break;
      case json::kind::object:
        write_object(value.get_object());
        break;
    }
  }

  std::string take() { return std::move(out_); }

 private:
  template <typename Integer>
  void write_integer(Integer number) {
    char buffer[24];
    out_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
  }

  void write_float(double number) {
    if (std::isfinite(number)) return append_python_float(out_, number);
    out_ +=
        number < 0 ? "-1e999" : "1e999";  // what reads back as infinite; JSON has no word for it
  }

  void write_text(std::string_view text) {
    out_ += '"';
    std::size_t done = 0;
    for (std::size_t i = 0; i < text.size();) {
      if (kPlain[static_cast<unsigned char>(text[i])]) {
        ++i;
        continue;
      }
      out_.append(text, done, i - done);
      i = write_special(text, i);
      done = i;
    }
    out_.append(text, done);
    out_ += '"';
  }

  /// The character at `i`, escaped; returns where the next one begins.
  std::size_t write_special(std::string_view text, std::size_t i) {
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (const std::size_t at = kShort.find(static_cast<char>(lead)); at != kShort.npos) {
      out_ += '\\';
      out_ += kLetters[at];
      return i;
    }
    std::uint32_t code = lead;
    if (lead >= 0x80) code &= lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU;
    if (lead >= 0x80)
      for (; i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; ++i)
        code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    if (code > 0xFFFF) write_unit(0xD7C0U + (code >> 10U));
    write_unit(code > 0xFFFF ? 0xDC00U + (code & 0x3FFU) : code);
    return i;
  }

  void write_unit(std::uint32_t unit) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
      out_ += kHex[unit >> static_cast<unsigned>(shift) & 15U];
  }

  void write_array(const json::array& array) {
    out_ += '[';
    bool first = true;
    for (const json::value& item : array) {
      if (!first) out_ += style_.comma;
      first = false;
      write(item);
    }
    out_ += ']';
  }

  void write_object(const json::object& object) {
    const auto later = [](const auto& a, const auto& b) { return b.key() < a.key(); };
    const bool as_it_is =
        !style_.sorted || std::adjacent_find(object.begin(), object.end(), later) == object.end();
    if (as_it_is) return write_members(object);
    std::map<std::string_view, json::value const*> members;
    for (const auto& member : object)
      members.emplace(member.key(), &member.value());
    out_ += '{';
    bool first = true;
    for (const auto& [name, value] : members)
      write_member(name, *value, first);
    out_ += '}';
  }

  void write_members(const json::object& object) {
    out_ += '{';
    bool first = true;
    for (const auto& member : object)
      write_member(member.key(), member.value(), first);
    out_ += '}';
  }

  void write_member(std::string_view name, const json::value& value, bool& first) {
    if (!first) out_ += style_.comma;
    first = false;
    write_text(name);
    out_ += style_.colon;
    write(value);
  }

  Style style_;
  std::string out_;
};

std::string written(const json::value& value, const Writer::Style& style) {
  Writer writer(style);
  writer.write(value);
  return writer.take();
}

}  // namespace

std::string python_json(const json::value& value) {
  return written(value, {.comma = ", ", .colon = ": ", .sorted = false});
}

std::string sorted_json(const json::value& value) {
  return written(value, {.comma = ",", .colon = ":", .sorted = true});
}

void append_python_float(std::string& out, double number) {
  const double size = std::fabs(number);
  const bool fixed = number == 0 || (size >= 1e-4 && size < 1e16);
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  out += text;
  if (fixed && text.find('.') == std::string_view::npos) out += ".0";
}

}  // namespace inspector
