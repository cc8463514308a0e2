#include "inspector/ironic/answers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>

namespace inspector::ironic {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongest = 1000;  // bytes of an explanation
constexpr std::string_view kNothing = "no explanation";

// In one line of bounded length.
std::string tidy(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kLongest)) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (!control || (!out.empty() && out.back() != ' ')) out += control ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out.empty() ? std::string(kNothing) : out;
}

const json::value* member(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object != nullptr ? object->if_contains(key) : nullptr;
}

std::string words_in(const json::value& value) {
  if (const auto* text = value.if_string()) {
    boost::system::error_code ec;
    const json::value inner = json::parse(*text, ec);
    return !ec && inner.is_object() ? words_in(inner) : tidy(*text);
  }
  for (const std::string_view key : {"error_message", "faultstring", "error", "message"})
    if (const auto* found = member(value, key); found != nullptr && !found->is_null())
      return words_in(*found);
  return tidy(json::serialize(value));
}

std::optional<int> version_at(const http::Response& response, std::string_view header,
                              const json::value* in_body) {
  if (const auto text = http::find_header(response.headers, header)) return minor_version(*text);
  const auto* text = in_body != nullptr ? in_body->if_string() : nullptr;
  return text != nullptr ? minor_version(*text) : std::nullopt;
}

}  // namespace

std::string error_text(std::string_view body) {
  boost::system::error_code ec;
  const json::value value = json::parse(body, ec);
  if (!ec) return words_in(value);
  return body.find('<') == std::string_view::npos ? tidy(body) : std::string(kNothing);
}

std::optional<int> minor_version(std::string_view text) {
  constexpr std::string_view kMajor = "1.";
  if (!text.starts_with(kMajor)) return std::nullopt;
  text.remove_prefix(kMajor.size());
  int minor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minor);
  if (error != std::errc{} || end != text.data() + text.size() || minor < 0) return std::nullopt;
  return minor;
}

std::optional<Versions> versions_of(const http::Response& response) {
  boost::system::error_code ec;
  const json::value body = json::parse(response.body, ec);
  const auto* version = ec ? nullptr : member(body, "version");
  const auto least = version_at(response, "X-OpenStack-Ironic-API-Minimum-Version",
                                version != nullptr ? member(*version, "min_version") : nullptr);
  const auto most = version_at(response, "X-OpenStack-Ironic-API-Maximum-Version",
                               version != nullptr ? member(*version, "version") : nullptr);
  if (!most) return std::nullopt;
  return Versions{least.value_or(1), *most};
}

std::optional<std::string> path_of_link(std::string_view link) {
  const auto path = link.substr(0, link.find('?'));
  const auto start = path.rfind("/v1/");
  if (start == std::string_view::npos) return std::nullopt;
  const bool plain =
      std::ranges::none_of(link, [](unsigned char c) { return c <= ' ' || c >= 0x7f || c == '#'; });
  return plain ? std::optional(std::string(link.substr(start))) : std::nullopt;
}

bool is_away(const Error& error) noexcept {
  constexpr int kBadGateway = 502, kUnavailable = 503, kGatewayTimeout = 504;
  return error.status == 0 || error.status == kBadGateway || error.status == kUnavailable ||
         error.status == kGatewayTimeout;
}

std::string encoded(std::string_view segment) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~:";
  std::string out;
  for (const char c : segment) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace inspector::ironic
