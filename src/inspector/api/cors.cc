#include "inspector/api/cors.h"

#include <algorithm>
#include <optional>

namespace inspector {
namespace {

constexpr std::string_view kSimpleHeaders[] = {
    "Accept",           "Accept-Language", "Content-Type",  "Cache-Control",
    "Content-Language", "Expires",         "Last-Modified", "Pragma"};

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items)
    out += (out.empty() ? "" : ",") + item;
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    while (item.starts_with(' '))
      item.remove_prefix(1);
    while (item.ends_with(' '))
      item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

/// What Access-Control-Allow-Origin says; nullopt: not allowed.
std::optional<std::string> allowed_origin(const CorsOptions& options,
                                          const http::Headers& headers) {
  const auto origin = http::find_header(headers, "Origin");
  const auto allows = [&](std::string_view wanted) {
    return std::ranges::find(options.allowed_origin, wanted) != options.allowed_origin.end();
  };
  if (!origin) return std::nullopt;
  if (allows(*origin)) return std::string(*origin);
  if (allows("*")) return "*";
  return std::nullopt;
}

bool permitted(const CorsOptions& options, const std::string& header) {
  const auto same = [&](std::string_view other) { return http::same_name(header, other); };
  return std::ranges::any_of(options.allow_headers, same) ||
         std::ranges::any_of(kSimpleHeaders, same);
}

void add_origin(const CorsOptions& options, const std::string& origin, http::Response& response) {
  response.headers.emplace_back("Vary", "Origin");
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  if (options.allow_credentials)
    response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
}

void answer_preflight(const CorsOptions& options, const http::Request& request,
                      http::Response& response) {
  if (response.status < 200 || response.status >= 300) response = http::Response{};
  const std::optional<std::string> origin = allowed_origin(options, request.headers);
  const auto method = http::find_header(request.headers, "Access-Control-Request-Method");
  if (!origin || !method ||
      std::ranges::find(options.allow_methods, *method) == options.allow_methods.end())
    return;
  const std::vector<std::string> headers =
      split(http::find_header(request.headers, "Access-Control-Request-Headers").value_or(""));
  const auto allowed = [&](const std::string& header) { return permitted(options, header); };
  if (!std::ranges::all_of(headers, allowed)) return;
  add_origin(options, *origin, response);
  if (options.max_age > 0)
    response.headers.emplace_back("Access-Control-Max-Age", std::to_string(options.max_age));
  response.headers.emplace_back("Access-Control-Allow-Methods", *method);
  if (!headers.empty())
    response.headers.emplace_back("Access-Control-Allow-Headers", joined(headers));
}

}  // namespace

void add_cors(const CorsOptions& options, const http::Request& request, http::Response& response) {
  if (request.method == "OPTIONS") return answer_preflight(options, request, response);
  const std::optional<std::string> origin = allowed_origin(options, request.headers);
  if (!origin) return;
  add_origin(options, *origin, response);
  if (!options.expose_headers.empty())
    response.headers.emplace_back("Access-Control-Expose-Headers", joined(options.expose_headers));
}

}  // namespace inspector
