#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// [processing], and the sections of the hooks.
struct ProcessingOptions {
  enum class AddPorts { kAll, kActive, kPxe, kDisabled };
  enum class KeepPorts { kAll, kPresent, kAdded };

  std::vector<std::string> processing_hooks;  ///< resolved, in order
  AddPorts add_ports = AddPorts::kPxe;
  KeepPorts keep_ports = KeepPorts::kAll;
  bool overwrite_existing = true;
  bool update_pxe_enabled = true;
  bool disk_partitioning_spacing = true;
  bool power_off = true;
  bool permit_active_introspection = false;
  std::string store_data = "none";  ///< none, database, swift
  std::string ramdisk_logs_dir;     ///< empty: logs are not kept
  std::string ramdisk_logs_filename_format = "{uuid}_{dt:%Y%m%d-%H%M%S.%f}.tar.gz";
  bool always_store_ramdisk_logs = false;

  bool boot_mode = false;                                      ///< [capabilities]
  std::vector<std::pair<std::string, std::string>> cpu_flags;  ///< [capabilities] flag → capability
  std::vector<std::string> pci_aliases;                        ///< [pci_devices]alias, JSON each
  bool strict_extra_hardware = false;                          ///< [extra_hardware]strict
  std::string known_accelerators;     ///< [accelerators]known_devices, a YAML file; empty: built in
  std::vector<std::string> cidr_map;  ///< [port_physnet]cidr_map, `CIDR:physical network` each

  std::vector<std::string> hook_modules;  ///< [processing]hook_modules: shared objects
  /// [hook:NAME] of each configured hook: option and value.
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> hook_sections;

  enum class NotFound { kReject, kEnroll, kExample };
  NotFound node_not_found = NotFound::kReject;  ///< [processing]node_not_found_hook
  std::string enroll_driver = "fake-hardware";  ///< [discovery]enroll_node_driver
  std::vector<std::pair<std::string, std::string>> enroll_fields;  ///< [discovery]
  std::vector<int> enroll_bmc_versions{4, 6};  ///< [discovery]enabled_bmc_address_version
};

/// Of `[processing]default_processing_hooks`.
inline constexpr std::string_view kDefaultProcessingHooks =
    "ramdisk_error,root_disk_selection,scheduler,validate_interfaces,capabilities,pci_devices";

/// Reads and checks; throws base::ConfigError. That the hooks exist is checked by the pipeline that
/// is made of them.
ProcessingOptions read_processing(const base::Ini& ini);

}  // namespace inspector
