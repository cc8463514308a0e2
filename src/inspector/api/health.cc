#include "inspector/api/health.h"

#include "inspector/api/accept.h"
#include "inspector/api/health_page.h"
#include "inspector/api/json_response.h"
#include "inspector/error.h"
#include "inspector/ip_network.h"

#include <algorithm>
#include <filesystem>

namespace inspector {
namespace {

constexpr int kOk = 200, kNoContent = 204, kUnavailable = 503;
constexpr std::string_view kFine = "OK", kDisabled = "DISABLED BY FILE";

bool exists(const std::string& file) {
  std::error_code unreadable;
  return std::filesystem::exists(file, unreadable);
}

HealthFinding by_file(const std::string& file) {
  if (file.empty()) return {true, kFine, "No 'disable_by_file_path' configuration value specified"};
  if (!exists(file)) return {true, kFine, "Path '" + file + "' was not found"};
  return {false, kDisabled, "Path '" + file + "' was found"};
}

HealthFinding look(const std::string& backend, const HealthOptions& options, std::uint16_t port) {
  if (backend == "disable_by_file") return by_file(options.disable_by_file_path);
  if (backend == "disable_by_files_ports") {
    for (const auto& [of_port, file] : options.disable_by_file_paths)
      if (of_port == port && exists(file)) return {false, kDisabled, ""};
    return {true, kFine, ""};
  }
  const auto missing = std::ranges::find_if_not(options.enable_by_file_paths, exists);
  if (missing == options.enable_by_file_paths.end())
    return {true, kFine, "Specified file paths are available"};
  return {false, "FILE PATH MISSING", "File path " + *missing + " is missing"};
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

void write_body(const http::Request& request, const HealthPage& page, http::Response& response) {
  const auto accept = http::find_header(request.headers, "Accept").value_or("text/plain");
  constexpr std::string_view kOffers[] = {"text/plain", "text/html", "application/json"};
  std::string type(accepted_type(accept, kOffers));
  if (type == "text/html")
    response.body = health_html(page);
  else if (type == "application/json")
    response.body = health_json(page);
  else
    response.body = health_text(page);
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
  std::vector<HealthFinding> findings;
  for (const std::string& backend : options.backends)
    findings.push_back(look(backend, options, request.port == 0 ? port : request.port));
  const bool healthy = std::ranges::all_of(findings, &HealthFinding::healthy);
  http::Response response;
  response.status = healthy ? head ? kNoContent : kOk : kUnavailable;
  if (!healthy) response.reason = "Service Unavailable";
  if (response.status == kNoContent) response.reason = "No Content";
  if (!head) write_body(request, {findings, options.detailed, env}, response);
  return response;
}

}  // namespace inspector
