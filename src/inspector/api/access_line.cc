#include "inspector/api/access_line.h"

#include "inspector/utf8.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::size_t kShown = 300;  // bytes of the target
constexpr int kMostDigits = 40;

/// `%(name).7f`
struct Field {
  std::string_view name;
  int width = 0;
  int precision = -1;
  char kind = 's';
};

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument(why); }

int number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > kMostDigits) refuse("a number that is too large");
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// `text` begins behind the percent sign, and ends up behind the field.
Field take_field(std::string_view& text) {
  const std::size_t close = text.find(')');
  if (!text.starts_with('(') || close == std::string_view::npos)
    refuse("a % that is followed by neither (name) nor %");
  Field field{.name = text.substr(1, close - 1)};
  text.remove_prefix(close + 1);
  const auto digit = [&] { return !text.empty() && text.front() >= '0' && text.front() <= '9'; };
  if (digit()) field.width = number(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    field.precision = digit() ? number(text) : 0;
  }
  constexpr std::string_view kKinds = "sdf";
  if (text.empty() || kKinds.find(text.front()) == kKinds.npos)
    refuse("a field without s, d or f behind it");
  field.kind = text.front();
  text.remove_prefix(1);
  return field;
}

std::string date_time(std::chrono::system_clock::time_point now) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%d/%b/%Y %H:%M:%S", &parts)};
}

std::string text_of(std::string_view name, const Answered& answered) {
  const http::Request& request = answered.request;
  if (name == "client_ip") return request.peer;
  if (name == "client_port") return "0";
  if (name == "date_time") return date_time(answered.now);
  if (name == "status_code") return std::to_string(answered.response.status);
  if (name == "body_length") return std::to_string(answered.response.body.size());
  if (name == "request_line")
    return request.method + " " +
           to_valid_utf8(std::string_view(request.target).substr(0, kShown)) + " HTTP/1.1";
  refuse("an unknown field '" + std::string(name) + "'");
}

std::string value_of(const Field& field, const Answered& answered) {
  if (field.name != "wall_seconds") return text_of(field.name, answered);
  constexpr int kPlain = 6;
  const int precision = field.kind == 'd' ? 0 : field.precision < 0 ? kPlain : field.precision;
  std::array<char, 128> text{};
  const int size = std::snprintf(text.data(), text.size(), "%.*f", precision,
                                 std::chrono::duration<double>(answered.took).count());
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string access_line(std::string_view format, const Answered& answered) {
  std::string line;
  while (!format.empty()) {
    const std::size_t percent = format.find('%');
    line += format.substr(0, percent);
    if (percent == std::string_view::npos) return line;
    format.remove_prefix(percent + 1);
    if (format.starts_with('%')) {
      line += '%';
      format.remove_prefix(1);
      continue;
    }
    const Field field = take_field(format);
    const std::string value = value_of(field, answered);
    const auto width = static_cast<std::size_t>(field.width);
    if (value.size() < width) line.append(width - value.size(), ' ');
    line += value;
  }
  return line;
}

void check_access_format(std::string_view format) {
  const http::Request request;
  const http::Response response;
  access_line(format, {request, response, {}, {}});
}

}  // namespace inspector
