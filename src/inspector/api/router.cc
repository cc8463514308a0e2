#include "inspector/api/router.h"

#include "inspector/api/query.h"

#include <optional>

namespace inspector {
namespace {

std::string_view next_segment(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return segment;
}

/// What stood for `{…}`; nullopt: another path.
std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   const std::vector<std::string>& segments) {
  std::vector<std::string> arguments;
  pattern.remove_prefix(1);
  for (const std::string& segment : segments) {
    if (pattern.empty() || segment.empty()) return std::nullopt;
    const std::string_view expected = next_segment(pattern);
    if (expected.starts_with('{'))
      arguments.push_back(segment);
    else if (expected != segment)
      return std::nullopt;
  }
  if (!pattern.empty()) return std::nullopt;
  return arguments;
}

}  // namespace

Target parse_target(std::string_view target) {
  Target result;
  const std::size_t question = target.find('?');
  if (question != std::string_view::npos) result.query = target.substr(question + 1);
  const std::string decoded = percent_decode(target.substr(0, question));
  std::string_view path = decoded;
  while (path.starts_with('/'))
    path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    const bool slash_behind = path.find('/') != std::string_view::npos;
    result.segments.emplace_back(next_segment(path));
    if (slash_behind && path.empty()) result.segments.emplace_back();
  }
  return result;
}

Match match_route(std::span<const Route> routes, std::string_view method,
                  const std::vector<std::string>& segments) {
  Match match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route& route : routes) {
    if (match.path.empty()) {
      std::optional<std::vector<std::string>> arguments = match_path(route.path, segments);
      if (!arguments) continue;
      match.path = route.path;
      match.arguments = *std::move(arguments);
    }
    if (route.path != match.path || route.method != wanted) continue;
    match.route = &route;
    break;
  }
  return match;
}

std::string allowed_methods(std::span<const Route> routes, std::string_view path) {
  std::string allowed;
  for (const Route& route : routes)
    if (route.path == path)
      allowed += route.method == "GET" ? "GET, HEAD, " : std::string(route.method) + ", ";
  return allowed + "OPTIONS";
}

}  // namespace inspector
