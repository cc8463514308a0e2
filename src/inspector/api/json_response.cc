#include "inspector/api/json_response.h"

#include "inspector/python_json.h"
#include "inspector/utf8.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kRetryAfter = "5";  // seconds

}  // namespace

http::Response json_response(int status, const json::value& body) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = sorted_json(body);
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
