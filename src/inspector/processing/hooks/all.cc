#include "inspector/processing/hooks/all.h"

#include <array>

namespace inspector {
namespace {

constexpr std::array<HookEntry, 6> kHooks{{
    {"ramdisk_error", ramdisk_error_hook},
    {"root_disk_selection", root_disk_selection_hook},
    {"scheduler", scheduler_hook},
    {"validate_interfaces", validate_interfaces_hook},
    {"capabilities", capabilities_hook},
    {"pci_devices", pci_devices_hook},
}};

constexpr std::array<std::string_view, 7> kNotBuilt{
    "accelerators",          "example",          "extra_hardware", "lldp_basic",
    "local_link_connection", "physnet_cidr_map", "raid_device"};

}  // namespace

std::span<const HookEntry> all_hooks() noexcept { return kHooks; }
std::span<const std::string_view> hooks_not_built() noexcept { return kNotBuilt; }

}  // namespace inspector
