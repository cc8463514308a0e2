#include "inspector/api/api_version.h"
#include "inspector/api/call.h"
#include "inspector/api/handlers.h"
#include "inspector/api/json_response.h"
#include "inspector/api/links.h"
#include "inspector/api/routes.h"
#include "inspector/error.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

/// `name` for the route `/<version>/<name>`, else empty.
std::string_view resource_of(std::string_view path, std::string_view version) {
  path.remove_prefix(1);
  if (!path.starts_with(version)) return {};
  path.remove_prefix(version.size());
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  return path.find('/') == std::string_view::npos ? path : std::string_view();
}

}  // namespace

http::Response show_versions(const ApiCall& call) {
  const std::string root = link_root(call.request, call.options);
  return json_response(
      200,
      {{"versions",
        {{{"id", kMaximumApiVersion}, {"links", self_link(root, "/v1")}, {"status", "CURRENT"}}}}});
}

http::Response show_resources(const ApiCall& call) {
  const std::string& version = call.arguments.front();
  const std::string root = link_root(call.request, call.options);
  boost::json::array resources;
  for (const Route& route : routes()) {
    const std::string_view name = resource_of(route.path, version);
    const bool known = !resources.empty() && resources.back().at("name").as_string() == name;
    if (name.empty() || known) continue;
    resources.push_back({{"links", self_link(root, route.path)}, {"name", name}});
  }
  if (resources.empty()) throw Error(Errc::kNotFound, "Version " + version + " not found.");
  return json_response(200, {{"resources", std::move(resources)}});
}

}  // namespace inspector
