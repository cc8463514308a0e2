#include "inspector/api/api.h"

#include "base/log.h"
#include "inspector/api/access_line.h"
#include "inspector/api/api_version.h"
#include "inspector/api/call.h"
#include "inspector/api/cors.h"
#include "inspector/api/guard.h"
#include "inspector/api/handlers.h"
#include "inspector/api/health.h"
#include "inspector/api/json_response.h"
#include "inspector/api/request_context.h"
#include "inspector/api/routes.h"
#include "inspector/error.h"
#include "inspector/utf8.h"

#include <array>
#include <boost/core/demangle.hpp>
#include <charconv>
#include <typeinfo>

namespace inspector {
namespace {

using WallTime = std::chrono::system_clock::time_point;

constexpr std::string_view kUnknownUrl =
    "404 Not Found: The requested URL was not found on the server. If you entered the URL manually "
    "please check your spelling and try again.";
constexpr std::string_view kWrongMethod =
    "405 Method Not Allowed: The method is not allowed for the requested URL.";

http::Response options_response(const std::string& allowed) {
  http::Response response;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Allow", allowed}};
  return response;
}

http::Response wrong_method(const std::string& allowed) {
  http::Response response = error_response(Errc::kMethodNotAllowed, kWrongMethod);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

/// Below /static upstream's framework looks for files, of which there are none: only the method is
/// told apart.
http::Response unrouted(std::string_view method, const std::vector<std::string>& segments) {
  constexpr std::string_view kAllowed = "GET, HEAD, OPTIONS";
  if (segments.size() > 1 && segments[0] == "static" && !segments[1].empty()) {
    if (method == "OPTIONS") return options_response(std::string(kAllowed));
    if (method != "GET" && method != "HEAD") return wrong_method(std::string(kAllowed));
  }
  throw Error(Errc::kNotFound, std::string(kUnknownUrl));
}

/// What nobody foresaw: the operator's log says what it was, the client only with `debug`.
http::Response internal_error(const std::exception& error, bool debug) {
  const std::string type = boost::core::demangle(typeid(error).name());
  base::log_error("api", "internal server error", {base::exception_field(error)});
  std::string text = "Internal server error";
  if (debug) text += " (" + type + "): " + error.what();
  return error_response(Errc::kInternal, text);
}

http::Response database_error(const sql::Error& error, bool debug) {
  const bool may_pass = error.code == sql::Errc::kUnreachable || error.code == sql::Errc::kConflict;
  if (!may_pass) return internal_error(error, debug);
  base::log_error("api", "the database does not answer", {{"error", error.what()}});
  return error_response(Errc::kUnavailable, "The database is not available, try again later");
}

/// As std::to_string() has it, without printf.
std::string milliseconds(base::Env::Duration took) {
  constexpr int kDigits = 6;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(),
                                 std::chrono::duration<double, std::milli>(took).count(),
                                 std::chars_format::fixed, kDigits);
  return {text.data(), end.ptr};
}

void log_access(const std::string& format, const Answered& answered) {
  if (!format.empty()) return base::log_info("api", access_line(format, answered));
  const http::Request& request = answered.request;
  constexpr std::size_t kShown = 300;  // bytes of the target
  base::LogField ms("ms", milliseconds(answered.took));
  ms.quoted = false;
  base::log_info("api", "request",
                 {{"client", request.peer},
                  {"method", request.method},
                  {"target", to_valid_utf8(std::string_view(request.target).substr(0, kShown))},
                  {"status", answered.response.status},
                  {"length", answered.response.body.size()},
                  ms});
}

}  // namespace

Api::Api(Parts parts, ApiOptions options)
    : parts_(parts),
      options_(std::move(options)),
      guard_(std::make_unique<Guard>(parts.env, options_)) {}

Api::~Api() = default;

http::Response Api::handle(const http::Request& request, const std::stop_token& stop) noexcept {
  const base::Env::TimePoint began = parts_.env.now();
  const auto who = request_context(parts_.env, request);
  const base::LogContextScope scope(who);
  std::optional<http::Response> health =
      answer_health_check(options_.health, request, options_.server.port, parts_.env);
  http::Response response = health ? *std::move(health) : answer_api(request, *who, stop);
  add_cors(options_.cors, request, response);
  const base::Env::Duration took = parts_.env.now() - began;
  const bool plain = options_.access_format.empty();
  log_access(options_.access_format,
             {request, response, took, plain ? WallTime() : parts_.env.wall_time()});
  return response;
}

http::Response Api::answer_api(const http::Request& request, base::LogContext& who,
                               const std::stop_token& stop) {
  http::Response response = answer_or_error(request, who, stop);
  for (auto& header : version_headers())
    response.headers.push_back(std::move(header));
  return response;
}

http::Response Api::answer_or_error(const http::Request& request, base::LogContext& who,
                                    const std::stop_token& stop) {
  try {
    return answer(request, who, stop);
  } catch (const Error& error) {
    if (error.code() == Errc::kInternal) return internal_error(error, options_.debug);
    return error_response(error.code(), error.what(), guard_->challenge());
  } catch (const sql::Error& error) {
    return database_error(error, options_.debug);
  } catch (const std::exception& error) {
    return internal_error(error, options_.debug);
  }
}

http::Response Api::answer(const http::Request& request, base::LogContext& who,
                           const std::stop_token& stop) {
  const ApiVersion version = api_version(request.headers);
  const Target target = parse_target(request.target);
  Match match = match_route(routes(), request.method, target.segments);
  if (match.path.empty()) return unrouted(request.method, target.segments);
  if (request.method == "OPTIONS") return options_response(allowed_methods(routes(), match.path));
  if (!match.route) return wrong_method(allowed_methods(routes(), match.path));
  guard_->check(*match.route, request, who, stop);
  return match.route->handler(ApiCall{.parts = parts_,
                                      .options = options_,
                                      .request = request,
                                      .arguments = std::move(match.arguments),
                                      .query = Query(target.query),
                                      .version = version,
                                      .stop = stop});
}

bool Api::is_report(const http::Request& head) noexcept {
  if (head.method != "POST") return false;
  try {
    const Match match = match_route(routes(), head.method, parse_target(head.target).segments);
    return match.route && match.route->handler == receive_report;
  } catch (const std::exception&) {
    return false;  // a target that will be refused
  }
}

http::Headers Api::version_headers() {
  return {{"X-OpenStack-Ironic-Inspector-API-Minimum-Version", std::string(kMinimumApiVersion)},
          {"X-OpenStack-Ironic-Inspector-API-Maximum-Version", std::string(kMaximumApiVersion)}};
}

}  // namespace inspector
