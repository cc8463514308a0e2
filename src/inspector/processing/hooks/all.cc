#include "inspector/processing/hooks/all.h"

#include <array>

namespace inspector {
namespace {

constexpr std::array kHooks{
    HookEntry{"ramdisk_error", ramdisk_error_hook},
    HookEntry{"root_disk_selection", root_disk_selection_hook},
    HookEntry{"scheduler", scheduler_hook},
    HookEntry{"validate_interfaces", validate_interfaces_hook},
    HookEntry{"capabilities", capabilities_hook},
    HookEntry{"pci_devices", pci_devices_hook},
    HookEntry{"accelerators", accelerators_hook},
    HookEntry{"example", example_hook},
    HookEntry{"extra_hardware", extra_hardware_hook},
    HookEntry{"lldp_basic", lldp_basic_hook},
    HookEntry{"local_link_connection", local_link_connection_hook},
    HookEntry{"physnet_cidr_map", physnet_cidr_map_hook},
    HookEntry{"raid_device", raid_device_hook},
};

}  // namespace

std::span<const HookEntry> all_hooks() noexcept { return kHooks; }

}  // namespace inspector
