#include "inspector/api/json_response.h"

#include "inspector/utf8.h"

#include <boost/json.hpp>
#include <map>

namespace inspector {
namespace {

namespace json = boost::json;

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

constexpr std::string_view kRetryAfter = "5";  // seconds

}  // namespace

http::Response json_response(int status, const json::value& body) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = json::serialize(sorted(body)) + "\n";
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
