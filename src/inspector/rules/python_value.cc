#include "inspector/rules/python_value.h"

#include "inspector/processing/python_repr.h"
#include "inspector/rules/python_error.h"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <optional>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::size_t kShown = 200;  // bytes of a value in an error text

/// Of numbers and booleans: wide enough for every 64-bit integer.
std::optional<long double> number(const json::value& value) {
  if (const bool* flag = value.if_bool()) return *flag ? 1.0L : 0.0L;
  if (const std::int64_t* n = value.if_int64()) return static_cast<long double>(*n);
  if (const std::uint64_t* n = value.if_uint64()) return static_cast<long double>(*n);
  if (const double* n = value.if_double()) return *n;
  return std::nullopt;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// The digits of a Python literal without its single underscores; nullopt: misplaced ones.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string out;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
      continue;
    }
    const bool between = i > 0 && i + 1 < text.size() && digit(text[i - 1]) && digit(text[i + 1]);
    if (!between) return std::nullopt;
  }
  return out;
}

/// Nothing is left over, and no second sign hides behind the first.
template <class T>
std::optional<T> parse(std::string_view text, bool& too_big) {
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  if (text.empty() || (plus && text.starts_with('-'))) return std::nullopt;
  T value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  too_big = failed == std::errc::result_out_of_range;
  if (failed != std::errc() && !too_big) return std::nullopt;
  return value;
}

json::value whole(double value) {
  if (std::isnan(value)) throw PythonError("ValueError", "cannot convert float NaN to integer");
  if (std::isinf(value))
    throw PythonError("OverflowError", "cannot convert float infinity to integer");
  const double cut = std::trunc(value);
  constexpr double kBeyond = 9223372036854775808.0;
  if (cut >= -kBeyond && cut < kBeyond) return static_cast<std::int64_t>(cut);
  return cut;
}

json::value int_of_text(const json::value& value) {
  const std::optional<std::string> digits = without_underscores(trim(value.get_string()));
  bool too_big = false;
  if (digits && digits->find_first_not_of("+-0123456789") == std::string::npos) {
    const std::optional<std::int64_t> n = parse<std::int64_t>(*digits, too_big);
    if (n && !too_big) return *n;
    if (n) return std::strtod(digits->c_str(), nullptr);
  }
  throw PythonError("ValueError",
                    "invalid literal for int() with base 10: " + shown(value, kShown));
}

double float_of_text(const json::value& value) {
  const std::optional<std::string> digits = without_underscores(trim(value.get_string()));
  bool too_big = false;
  if (digits) {
    const std::optional<double> n = parse<double>(*digits, too_big);
    if (n && !too_big) return *n;
    if (n) return std::strtod(digits->c_str(), nullptr);
  }
  throw PythonError("ValueError", "could not convert string to float: " + shown(value, kShown));
}

[[noreturn]] void not_a_number(std::string_view what, const json::value& value) {
  throw PythonError("TypeError",
                    std::string(what) + ", not '" + std::string(python_type(value)) + "'");
}

std::partial_ordering order_of_lists(const json::array& a, const json::array& b,
                                     std::string_view op) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (!python_equal(a[i], b[i])) return python_order(a[i], b[i], op);
  return a.size() <=> b.size();
}

}  // namespace

bool python_equal(const json::value& a, const json::value& b) {
  const std::optional<long double> left = number(a);
  const std::optional<long double> right = number(b);
  if (left || right) return left && right && *left == *right;
  if (a.kind() != b.kind()) return false;
  if (const json::array* list = a.if_array()) {
    const json::array& other = b.get_array();
    if (list->size() != other.size()) return false;
    for (std::size_t i = 0; i < list->size(); ++i)
      if (!python_equal((*list)[i], other[i])) return false;
    return true;
  }
  const json::object* object = a.if_object();
  if (object == nullptr) return a == b;
  if (object->size() != b.get_object().size()) return false;
  for (const auto& member : *object) {
    const json::value* other = b.get_object().if_contains(member.key());
    if (other == nullptr || !python_equal(member.value(), *other)) return false;
  }
  return true;
}

std::partial_ordering python_order(const json::value& a, const json::value& b,
                                   std::string_view op) {
  const std::optional<long double> left = number(a);
  const std::optional<long double> right = number(b);
  if (left && right) return *left <=> *right;
  if (a.is_string() && b.is_string())
    return std::string_view(a.get_string()) <=> std::string_view(b.get_string());
  if (a.is_array() && b.is_array()) return order_of_lists(a.get_array(), b.get_array(), op);
  throw PythonError("TypeError", "'" + std::string(op) + "' not supported between instances of '" +
                                     std::string(python_type(a)) + "' and '" +
                                     std::string(python_type(b)) + "'");
}

json::value python_int(const json::value& value) {
  if (const bool* flag = value.if_bool()) return *flag ? 1 : 0;
  if (value.is_int64() || value.is_uint64()) return value;
  if (const double* n = value.if_double()) return whole(*n);
  if (value.is_string()) return int_of_text(value);
  not_a_number("int() argument must be a string, a bytes-like object or a real number", value);
}

double python_float(const json::value& value) {
  if (const std::optional<long double> n = number(value)) return static_cast<double>(*n);
  if (value.is_string()) return float_of_text(value);
  not_a_number("float() argument must be a string or a real number", value);
}

}  // namespace inspector
