#include "inspector/keystone/catalog.h"

namespace inspector::keystone {
namespace {

namespace json = boost::json;

std::string_view text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

bool fits(const json::object& endpoint, const EndpointChoice& choice,
          const std::string& interface) {
  // Keystone v2's names linger in old options.
  const std::string_view has = text(endpoint, "interface");
  const bool same = has == interface || std::string(has) + "URL" == interface;
  const bool region = choice.region_name.empty() ||
                      text(endpoint, "region") == choice.region_name ||
                      text(endpoint, "region_id") == choice.region_name;
  return same && region && !text(endpoint, "url").empty();
}

std::optional<std::string> find(const json::array& catalog, const EndpointChoice& choice,
                                const std::string& interface) {
  for (const json::value& entry : catalog) {
    const json::object* service = entry.if_object();
    if (service == nullptr || text(*service, "type") != choice.service_type) continue;
    if (!choice.service_name.empty() && text(*service, "name") != choice.service_name) continue;
    const json::value* endpoints = service->if_contains("endpoints");
    if (endpoints == nullptr || !endpoints->is_array()) continue;
    for (const json::value& endpoint : endpoints->get_array())
      if (endpoint.is_object() && fits(endpoint.get_object(), choice, interface))
        return std::string(text(endpoint.get_object(), "url"));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_endpoint(const json::array& catalog, const EndpointChoice& choice) {
  for (const std::string& interface : choice.interfaces)
    if (std::optional<std::string> url = find(catalog, choice, interface)) return url;
  return std::nullopt;
}

}  // namespace inspector::keystone
