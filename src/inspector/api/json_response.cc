#include "inspector/api/json_response.h"

#include "inspector/utf8.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <map>

namespace inspector {
namespace {

namespace json = boost::json;

bool is_sorted(const json::value& value) {
  if (const json::array* array = value.if_array())
    return std::all_of(array->begin(), array->end(), is_sorted);
  const json::object* object = value.if_object();
  if (!object) return true;
  std::string_view last;
  for (const auto& member : *object) {
    const std::string_view name = member.key();
    if (name < last || !is_sorted(member.value())) return false;
    last = name;
  }
  return true;
}

json::value sorted(const json::value& value) {
  if (const json::array* array = value.if_array()) {
    json::array out;
    out.reserve(array->size());
    for (const json::value& item : *array)
      out.push_back(sorted(item));
    return out;
  }
  const json::object* object = value.if_object();
  if (!object) return value;
  std::map<std::string_view, const json::value*> members;
  for (const auto& member : *object)
    members.emplace(member.key(), &member.value());
  json::object out;
  out.reserve(members.size());
  for (const auto& [name, member] : members)
    out.emplace(name, sorted(*member));
  return out;
}

/// Every character beyond ASCII as `\\uXXXX`, those beyond 16 bits as two.
std::string in_ascii(std::string text) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return text;
  std::string out;
  out.reserve(text.size());
  const auto escape = [&](std::uint32_t unit) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
      out += kHex[unit >> static_cast<unsigned>(shift) & 15U];
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) {
      out += static_cast<char>(lead);
      continue;
    }
    std::uint32_t code = lead & (lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU);
    for (; i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; ++i)
      code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    if (code > 0xFFFF) escape(0xD7C0U + (code >> 10U));
    escape(code > 0xFFFF ? 0xDC00U + (code & 0x3FFU) : code);
  }
  return out;
}

constexpr std::string_view kRetryAfter = "5";  // seconds

}  // namespace

http::Response json_response(int status, const json::value& body) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = in_ascii(is_sorted(body) ? json::serialize(body) : json::serialize(sorted(body)));
  response.body += '\n';
  return response;
}

http::Response error_response(Errc code, std::string_view text, std::string_view challenge) {
  http::Response response =
      json_response(http_status(code), {{"error", {{"message", to_valid_utf8(text)}}}});
  if (code == Errc::kUnavailable) response.headers.emplace_back("Retry-After", kRetryAfter);
  if (code == Errc::kUnauthorized && !challenge.empty())
    response.headers.emplace_back("WWW-Authenticate", challenge);
  return response;
}

}  // namespace inspector
