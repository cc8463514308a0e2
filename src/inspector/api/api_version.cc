#include "inspector/api/api_version.h"

#include "inspector/error.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string>

namespace inspector {
namespace {

constexpr std::string_view kHeader = "X-OpenStack-Ironic-Inspector-API-Version";

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

bool is_latest(std::string_view text) { return http::same_name(text, "latest"); }

/// Without the underscores that Python allows between digits, one at a time. Empty: they stand
/// elsewhere.
std::string without_underscores(std::string_view text) {
  const auto is_digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_')
      digits += text[i];
    else if (i == 0 || !is_digit(i - 1) || !is_digit(i + 1))
      return {};
  }
  return digits;
}

struct Number {
  long value = 0;    ///< one too big to hold is the biggest that can be
  std::string text;  ///< as Python writes it, however big
};

std::string without_zeros(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  digits.remove_prefix(digits.find_first_not_of('0'));
  return (negative ? "-" : "") + std::string(digits);
}

/// Blanks around, a sign and leading zeros pass, as they do in Python.
std::optional<Number> number(std::string_view given) {
  const std::string digits = without_underscores(trim(given));
  std::string_view text = digits;
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  const bool signed_twice = plus && (text.starts_with('+') || text.starts_with('-'));
  long value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (signed_twice || end != text.data() + text.size()) return std::nullopt;
  if (failed == std::errc::result_out_of_range)
    return Number{std::numeric_limits<long>::max(), without_zeros(text)};
  if (failed != std::errc()) return std::nullopt;
  return Number{value, std::to_string(value)};
}

}  // namespace

ApiVersion api_version(const http::Headers& headers) {
  const std::optional<std::string_view> asked = http::find_header(headers, kHeader);
  if (!asked || is_latest(trim(*asked))) return {};
  const std::size_t dot = asked->find('.');
  std::optional<Number> major;
  std::optional<Number> minor;
  if (dot != std::string_view::npos) {
    major = number(asked->substr(0, dot));
    minor = number(asked->substr(dot + 1));
  }
  if (!major || !minor)
    throw Error(Errc::kBadRequest,
                "Malformed API version: expected string in form of X.Y or latest");
  if (major->value == 1 && minor->value >= 0 && minor->value <= 18) return {minor->value};
  throw Error(Errc::kNotAcceptable, "Unsupported API version " + major->text + "." + minor->text +
                                        ", supported range is " + std::string(kMinimumApiVersion) +
                                        " to " + std::string(kMaximumApiVersion));
}

}  // namespace inspector
