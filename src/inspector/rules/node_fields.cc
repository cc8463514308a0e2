#include "inspector/rules/node_fields.h"

#include <boost/json.hpp>

#include <algorithm>

namespace inspector {
namespace {

struct Name {
  std::string_view sdk;
  std::string_view ironic;
};
constexpr Name kNames[] = {
    {"id", "uuid"},
    {"allocation_id", "allocation_uuid"},
    {"chassis_id", "chassis_uuid"},
    {"instance_id", "instance_uuid"},
    {"is_automated_clean_enabled", "automated_clean"},
    {"is_console_enabled", "console_enabled"},
    {"is_maintenance", "maintenance"},
    {"is_protected", "protected"},
    {"is_retired", "retired"},
    {"is_secure_boot", "secure_boot"},
    {"port_groups", "portgroups"},
};

}  // namespace

boost::json::object with_sdk_names(const boost::json::object& node) {
  boost::json::object out = node;
  for (const Name& name : kNames)
    if (const boost::json::value* value = node.if_contains(name.ironic))
      if (!out.contains(name.sdk)) out.emplace(name.sdk, *value);
  return out;
}

std::string node_pointer(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view first = path.substr(0, end);
  const auto* found = std::ranges::find(kNames, first, &Name::sdk);
  const std::string_view known = found == std::end(kNames) ? first : found->ironic;
  return "/" + std::string(known) + std::string(path.substr(end));
}

}  // namespace inspector
