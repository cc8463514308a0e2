#include "inspector/api/health.h"

#include "inspector/api/accept.h"
#include "inspector/api/json_response.h"
#include "inspector/error.h"
#include "inspector/ip_network.h"
#include "sql/time.h"

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr int kOk = 200, kNoContent = 204, kUnavailable = 503;

/// What one backend says.
struct Finding {
  bool healthy;
  std::string_view reason;
};

bool exists(const std::string& file) {
  std::error_code unreadable;
  return std::filesystem::exists(file, unreadable);
}

Finding look(const std::string& backend, const HealthOptions& options, std::uint16_t port) {
  constexpr Finding kFine{true, "OK"}, kDisabled{false, "DISABLED BY FILE"};
  if (backend == "disable_by_file") {
    const std::string& file = options.disable_by_file_path;
    return !file.empty() && exists(file) ? kDisabled : kFine;
  }
  if (backend == "disable_by_files_ports") {
    for (const auto& [of_port, file] : options.disable_by_file_paths)
      if (of_port == port && exists(file)) return kDisabled;
    return kFine;
  }
  const bool all = std::ranges::all_of(options.enable_by_file_paths, exists);
  return all ? kFine : Finding{false, "FILE PATH MISSING"};
}

bool is_asked(const HealthOptions& options, const http::Request& request) {
  std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  while (path.starts_with("//"))
    path.remove_prefix(1);
  if (!options.enabled || path != options.path) return false;
  if (!options.allowed_source_ranges.empty()) {
    const auto peer = parse_ip(request.peer);
    const auto holds = [&](const std::string& range) {
      return peer && IpNetwork(range).contains(*peer);
    };
    if (!std::ranges::any_of(options.allowed_source_ranges, holds)) return false;
  }
  if (!options.ignore_proxied_requests) return true;
  return std::ranges::none_of(request.headers, [](const auto& header) {
    const std::string_view name = header.first;
    constexpr std::string_view kForwarded = "x-forwarded-";
    return http::same_name(name, "Forwarded") ||
           http::same_name(name.substr(0, kForwarded.size()), kForwarded);
  });
}

/// As Python's json.dumps(indent=4, sort_keys=True) writes it.
std::string pretty(const std::vector<Finding>& findings, bool detailed, base::Env& env) {
  std::string out = "{\n    \"detailed\": " + std::string(detailed ? "true" : "false");
  if (detailed) out += ",\n    \"now\": \"" + sql::to_text(env.wall_time()) + "\"";
  out += ",\n    \"reasons\": [";
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const std::string reason = json::serialize(json::value(findings[i].reason));
    out += i == 0 ? "\n" : ",\n";
    if (detailed)
      out +=
          "        {\n            \"class\": \"HealthcheckResult\",\n            \"details\": "
          "\"\",\n            \"reason\": " +
          reason + "\n        }";
    else
      out += "        " + reason;
  }
  return out + (findings.empty() ? "]\n}" : "\n    ]\n}");
}

std::string lines(const std::vector<Finding>& findings, std::string_view before,
                  std::string_view after) {
  std::string out;
  for (const Finding& finding : findings)
    out += std::string(before) + std::string(finding.reason) + std::string(after);
  return out;
}

void write_body(const http::Request& request, const std::vector<Finding>& findings, bool detailed,
                base::Env& env, http::Response& response) {
  const auto accept = http::find_header(request.headers, "Accept").value_or("text/plain");
  constexpr std::string_view kOffers[] = {"text/plain", "text/html", "application/json"};
  std::string type(accepted_type(accept, kOffers));
  if (type == "text/html") {
    response.body =
        "<!DOCTYPE html>\n<html><head><title>Healthcheck Status</title></head>\n"
        "<body><h1>Result of " +
        std::to_string(findings.size()) + " checks:</h1>\n<ul>" + lines(findings, "<li>", "</li>") +
        "</ul>\n</body></html>\n";
  } else if (type == "application/json") {
    response.body = pretty(findings, detailed, env);
  } else {
    response.body = lines(findings, "", "\n");
    if (!response.body.empty()) response.body.pop_back();
  }
  if (type.starts_with("text/")) type += "; charset=UTF-8";
  response.headers.emplace_back("Content-Type", type);
}

}  // namespace

std::optional<http::Response> answer_health_check(const HealthOptions& options,
                                                  const http::Request& request, std::uint16_t port,
                                                  base::Env& env) {
  if (!is_asked(options, request)) return std::nullopt;
  const bool head = request.method == "HEAD";
  if (!head && request.method != "GET") {
    http::Response response =
        error_response(Errc::kMethodNotAllowed,
                       "405 Method Not Allowed: The method is not allowed for the requested URL.");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  std::vector<Finding> findings;
  for (const std::string& backend : options.backends)
    findings.push_back(look(backend, options, request.port == 0 ? port : request.port));
  const bool healthy = std::ranges::all_of(findings, &Finding::healthy);
  http::Response response;
  response.status = healthy ? head ? kNoContent : kOk : kUnavailable;
  if (!head) write_body(request, findings, options.detailed, env, response);
  return response;
}

}  // namespace inspector
