#include "inspector/rules/format_spec.h"

#include "inspector/processing/python_repr.h"
#include "inspector/rules/python_error.h"
#include "inspector/rules/python_value.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace inspector {
namespace {

namespace json = boost::json;

struct Spec {
  std::string fill = " ";
  char align = 0;  ///< < > ^ =; 0: the kind's own
  char sign = '-';
  bool sign_given = false;
  bool alternate = false;
  std::size_t width = 0;
  char grouping = 0;  ///< , or _
  std::optional<std::size_t> precision;
  char type = 0;
};

[[noreturn]] void value_error(const std::string& text) { throw PythonError("ValueError", text); }

std::size_t character_bytes(std::string_view text) {
  std::size_t end = text.empty() ? 0 : 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    ++end;
  return end;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_align(char c) { return c == '<' || c == '>' || c == '^' || c == '='; }

/// A number at the front; nullopt: there is none.
std::optional<std::size_t> take_number(std::string_view& text, Effort& effort) {
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end == text.data()) return std::nullopt;
  if (failed != std::errc()) value_error("Too many decimal digits in format string");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  effort.text(number);
  return number;
}

void take_alignment(std::string_view& text, Spec& spec) {
  const std::size_t first = character_bytes(text);
  if (first < text.size() && is_align(text[first])) {
    spec.fill = std::string(text.substr(0, first));
    spec.align = text[first];
    text.remove_prefix(first + 1);
  } else if (!text.empty() && is_align(text.front())) {
    spec.align = text.front();
    text.remove_prefix(1);
  }
}

bool take(std::string_view& text, std::string_view any_of, char& taken) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  taken = text.front();
  text.remove_prefix(1);
  return true;
}

Spec parse(std::string_view text, std::string_view type_name, Effort& effort) {
  const std::string_view whole = text;
  Spec spec;
  char taken = 0;
  take_alignment(text, spec);
  spec.sign_given = take(text, "+- ", spec.sign);
  spec.alternate = take(text, "#", taken);
  if (take(text, "0", taken) && spec.align == 0) {
    spec.fill = "0";
    spec.align = '=';
    if (type_name == "str") spec.align = '<';
  }
  spec.width = take_number(text, effort).value_or(0);
  take(text, ",_", spec.grouping);
  if (take(text, ".", taken)) {
    spec.precision = take_number(text, effort);
    if (!spec.precision) value_error("Format specifier missing precision");
  }
  if (text.size() > 1)
    value_error("Invalid format specifier '" + cut(std::string(whole), 200) +
                "' for object of type '" + std::string(type_name) + "'");
  if (!text.empty()) spec.type = text.front();
  return spec;
}

std::string repeated(const std::string& fill, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += fill;
  return out;
}

/// `sign` (and `0x`) stands in front of the padding when that goes between it and the digits.
std::string padded(const Spec& spec, char own_align, const std::string& sign,
                   const std::string& body, Effort& effort) {
  const std::size_t length = characters(sign) + characters(body);
  const std::size_t missing = spec.width > length ? spec.width - length : 0;
  effort.text(sign.size() + body.size() + missing * spec.fill.size());
  const char align = spec.align == 0 ? own_align : spec.align;
  if (align == '<') return sign + body + repeated(spec.fill, missing);
  if (align == '^')
    return repeated(spec.fill, missing / 2) + sign + body +
           repeated(spec.fill, missing - missing / 2);
  if (align == '=') return sign + repeated(spec.fill, missing) + body;
  return repeated(spec.fill, missing) + sign + body;
}

[[noreturn]] void unknown_type(char type, std::string_view type_name) {
  value_error("Unknown format code '" + std::string(1, type) + "' for object of type '" +
              std::string(type_name) + "'");
}

std::string format_text(std::string_view text, const Spec& spec, Effort& effort) {
  if (spec.type != 0 && spec.type != 's') unknown_type(spec.type, "str");
  if (spec.sign_given) value_error("Sign not allowed in string format specifier");
  if (spec.alternate) value_error("Alternate form (#) not allowed in string format specifier");
  if (spec.align == '=') value_error("'=' alignment not allowed in string format specifier");
  if (spec.grouping != 0)
    value_error("Cannot specify '" + std::string(1, spec.grouping) + "' with 's'.");
  std::size_t bytes = 0;
  for (std::size_t i = 0; bytes < text.size() && i < spec.precision.value_or(text.size()); ++i)
    bytes += character_bytes(text.substr(bytes));
  return padded(spec, '<', "", std::string(text.substr(0, bytes)), effort);
}

/// Separators between the digits in front of a point or an exponent, with leading zeros when
/// padding is to be grouped as well.
std::string grouped(const std::string& digits, const Spec& spec, std::size_t room, int every) {
  if (spec.grouping == 0) return digits;
  const std::size_t whole =
      std::min(digits.find_first_not_of("0123456789abcdefABCDEF"), digits.size());
  const std::string rest = digits.substr(whole);
  std::string out;  // from its end to its beginning
  int since = 0;
  const auto put = [&](char c) {
    if (since == every) {
      out += spec.grouping;
      since = 0;
    }
    out += c;
    ++since;
  };
  for (std::size_t i = whole; i > 0; --i)
    put(digits[i - 1]);
  if (spec.fill == "0" && spec.align == '=')
    while (out.size() + rest.size() < room)
      put('0');
  std::ranges::reverse(out);
  return out + rest;
}

std::string sign_of(bool negative, const Spec& spec) {
  if (negative) return "-";
  return spec.sign == '-' ? "" : std::string(1, spec.sign);
}

/// printf's conversion of a size that is not known before.
std::string printed(const char* form, int precision, double number) {
  const int size = std::snprintf(nullptr, 0, form, precision, number);
  std::string out(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(out.data(), out.size(), form, precision, number);
  out.pop_back();
  return out;
}

/// Without type: as repr(), or with a precision that many significant digits.
std::string plain_float(double number, const Spec& spec) {
  if (!spec.precision) return python_repr(json::value(number));
  std::string out = printed("%.*g", std::max(static_cast<int>(*spec.precision), 1), number);
  if (out.find_first_of(".en") == std::string::npos) out += ".0";
  return out;
}

std::string float_digits(double number, const Spec& spec) {
  const int precision = static_cast<int>(spec.precision.value_or(6));
  const bool alternate = spec.alternate;
  switch (spec.type) {
    case 0:
      return plain_float(number, spec);
    case 'e':
      return printed(alternate ? "%#.*e" : "%.*e", precision, number);
    case 'E':
      return printed(alternate ? "%#.*E" : "%.*E", precision, number);
    case 'f':
      return printed(alternate ? "%#.*f" : "%.*f", precision, number);
    case 'F':
      return printed(alternate ? "%#.*F" : "%.*F", precision, number);
    case 'g':
    case 'n':
      return printed(alternate ? "%#.*g" : "%.*g", precision, number);
    case 'G':
      return printed(alternate ? "%#.*G" : "%.*G", precision, number);
    case '%':
      return printed("%.*f", precision, number * 100) + "%";
    default:
      unknown_type(spec.type, "float");
  }
}

std::string format_float(double number, const Spec& spec, Effort& effort) {
  const std::string sign = sign_of(std::signbit(number), spec);
  const std::size_t room = spec.width > sign.size() ? spec.width - sign.size() : 0;
  const std::string digits = float_digits(std::fabs(number), spec);
  return padded(spec, '>', sign, std::isfinite(number) ? grouped(digits, spec, room, 3) : digits,
                effort);
}

std::string character_of(std::uint64_t code) {
  if (code > 0x10FFFF) throw PythonError("OverflowError", "%c arg not in range(0x110000)");
  const auto byte = [](std::uint64_t bits) { return static_cast<char>(bits); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 63))};
  if (code >= 0xD800 && code < 0xE000) return "?";  // no character of its own
  if (code < 0x10000)
    return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 63)), byte(0x80 | (code & 63))};
  return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63)), byte(0x80 | (code >> 6 & 63)),
          byte(0x80 | (code & 63))};
}

std::string format_character(std::uint64_t code, bool negative, const Spec& spec, Effort& effort) {
  if (spec.sign_given) value_error("Sign not allowed with integer format specifier 'c'");
  if (spec.alternate)
    value_error("Alternate form (#) not allowed with integer format specifier 'c'");
  if (negative) throw PythonError("OverflowError", "%c arg not in range(0x110000)");
  return padded(spec, '<', "", character_of(code), effort);
}

std::string in_base(std::uint64_t size, int base, bool upper) {
  char buffer[65];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, size, base).ptr;
  std::string digits(buffer, static_cast<std::size_t>(end - buffer));
  if (upper)
    std::ranges::transform(digits, digits.begin(), [](char c) {
      return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
  return digits;
}

int base_of(char type) {
  switch (type) {
    case 'b':
      return 2;
    case 'o':
      return 8;
    case 'x':
    case 'X':
      return 16;
    case 0:
    case 'd':
    case 'n':
      return 10;
    default:
      unknown_type(type, "int");
  }
}

std::string format_integer(std::uint64_t size, bool negative, const Spec& spec, Effort& effort) {
  if (spec.precision) value_error("Precision not allowed in integer format specifier");
  if (spec.type == 'c') return format_character(size, negative, spec, effort);
  const int base = base_of(spec.type);
  if (spec.grouping == ',' && base != 10)
    value_error("Cannot specify ',' with '" + std::string(1, spec.type) + "'.");
  std::string sign = sign_of(negative, spec);
  if (spec.alternate && base != 10) sign += std::string("0") + spec.type;
  const std::size_t room = spec.width > sign.size() ? spec.width - sign.size() : 0;
  const std::string digits = in_base(size, base, spec.type == 'X');
  return padded(spec, '>', sign, grouped(digits, spec, room, base == 10 ? 3 : 4), effort);
}

std::string format_number(const json::value& value, const Spec& spec, Effort& effort) {
  constexpr std::string_view kOfFloats = "eEfFgG%";
  if (value.is_double() || (spec.type != 0 && kOfFloats.find(spec.type) != kOfFloats.npos))
    return format_float(python_float(value), spec, effort);
  const json::value whole = python_int(value);
  if (const std::uint64_t* n = whole.if_uint64()) return format_integer(*n, false, spec, effort);
  const std::int64_t n = whole.get_int64();
  const auto size = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  return format_integer(size, n < 0, spec, effort);
}

}  // namespace

std::string format_value(const json::value& value, std::string_view spec, Effort& effort) {
  if (spec.empty()) {
    std::string out = python_str(value);
    effort.text(out.size());
    return out;
  }
  const std::string_view type = python_type(value);
  if (value.is_string()) return format_text(value.get_string(), parse(spec, type, effort), effort);
  if (value.is_bool() || value.is_number())
    return format_number(value, parse(spec, type, effort), effort);
  throw PythonError("TypeError",
                    "unsupported format string passed to " + std::string(type) + ".__format__");
}

}  // namespace inspector
