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

/// The rest of what openstacksdk gives every node; what Ironic does not tell is null there.
constexpr std::string_view kOthers[] = {"bios_interface",
                                        "boot_interface",
                                        "boot_mode",
                                        "clean_step",
                                        "conductor",
                                        "conductor_group",
                                        "console_interface",
                                        "created_at",
                                        "deploy_interface",
                                        "deploy_step",
                                        "driver",
                                        "driver_info",
                                        "driver_internal_info",
                                        "extra",
                                        "fault",
                                        "inspect_interface",
                                        "instance_info",
                                        "last_error",
                                        "links",
                                        "maintenance_reason",
                                        "management_interface",
                                        "name",
                                        "network_interface",
                                        "owner",
                                        "ports",
                                        "power_interface",
                                        "power_state",
                                        "properties",
                                        "protected_reason",
                                        "provision_state",
                                        "raid_config",
                                        "raid_interface",
                                        "rescue_interface",
                                        "reservation",
                                        "resource_class",
                                        "retired_reason",
                                        "states",
                                        "storage_interface",
                                        "target_power_state",
                                        "target_provision_state",
                                        "target_raid_config",
                                        "traits",
                                        "updated_at",
                                        "vendor_interface"};

}  // namespace

boost::json::object with_sdk_names(const boost::json::object& node) {
  boost::json::object out = node;
  for (const Name& name : kNames) {
    const boost::json::value* value = node.if_contains(name.ironic);
    out.emplace(name.sdk, value != nullptr ? *value : boost::json::value());
  }
  for (const std::string_view name : kOthers)
    out.emplace(name, nullptr);
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
