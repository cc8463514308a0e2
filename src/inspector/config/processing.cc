#include "inspector/config/processing.h"

#include "base/ini.h"

namespace inspector {
namespace {

constexpr std::string_view kSection = "processing";
constexpr std::string_view kCpuFlags =
    "vmx:cpu_vt,svm:cpu_vt,aes:cpu_aes,pse:cpu_hugepages,pdpe1gb:cpu_hugepages_1g,smx:cpu_txt";

void read_ports(const base::Ini& ini, ProcessingOptions& options) {
  using Add = ProcessingOptions::AddPorts;
  using Keep = ProcessingOptions::KeepPorts;
  constexpr std::string_view kAdd[] = {"all", "active", "pxe", "disabled"};
  constexpr std::string_view kKeep[] = {"all", "present", "added"};
  const std::string add = ini.choice(kSection, "add_ports", "pxe", kAdd);
  const std::string keep = ini.choice(kSection, "keep_ports", "all", kKeep);
  options.add_ports = add == "all"      ? Add::kAll
                      : add == "active" ? Add::kActive
                      : add == "pxe"    ? Add::kPxe
                                        : Add::kDisabled;
  options.keep_ports = keep == "all"       ? Keep::kAll
                       : keep == "present" ? Keep::kPresent
                                           : Keep::kAdded;
}

void read_ramdisk_logs(const base::Ini& ini, ProcessingOptions& options) {
  options.ramdisk_logs_dir = ini.text(kSection, "ramdisk_logs_dir", "");
  options.ramdisk_logs_filename_format =
      ini.text(kSection, "ramdisk_logs_filename_format", options.ramdisk_logs_filename_format);
  options.always_store_ramdisk_logs = ini.boolean(kSection, "always_store_ramdisk_logs", false);
}

void read_discovery(const base::Ini& ini, ProcessingOptions& options) {
  using NotFound = ProcessingOptions::NotFound;
  const std::string hook = ini.text(kSection, "node_not_found_hook", "");
  if (!hook.empty() && hook != "enroll" && hook != "example")
    throw ini.error(kSection, "node_not_found_hook", "accepted are enroll, example");
  options.node_not_found = hook == "enroll"    ? NotFound::kEnroll
                           : hook == "example" ? NotFound::kExample
                                               : NotFound::kReject;
  options.enroll_driver = ini.text("discovery", "enroll_node_driver", options.enroll_driver);
  options.enroll_fields = ini.dict("discovery", "enroll_node_fields", "");
  options.enroll_bmc_versions.clear();
  for (const auto& version : ini.list("discovery", "enabled_bmc_address_version", "4,6")) {
    if (version != "4" && version != "6")
      throw ini.error("discovery", "enabled_bmc_address_version", "each must be 4 or 6");
    options.enroll_bmc_versions.push_back(version == "4" ? 4 : 6);
  }
}

// The sections that are named after a hook.
void read_hooks(const base::Ini& ini, ProcessingOptions& options) {
  options.boot_mode = ini.boolean("capabilities", "boot_mode", false);
  options.cpu_flags = ini.dict("capabilities", "cpu_flags", kCpuFlags);
  options.pci_aliases = ini.multi("pci_devices", "alias");
  options.strict_extra_hardware = ini.boolean("extra_hardware", "strict", false);
  options.hook_modules = ini.list(kSection, "hook_modules", "");
  for (const auto& name : options.processing_hooks)
    if (auto section = ini.section("hook:" + name); !section.empty())
      options.hook_sections[name] = std::move(section);
  options.cidr_map = ini.list("port_physnet", "cidr_map", "");
  options.known_accelerators = ini.text("accelerators", "known_devices", "");
}

}  // namespace

ProcessingOptions read_processing(const base::Ini& ini) {
  ProcessingOptions options;
  const std::string by_default =
      ini.text(kSection, "default_processing_hooks", kDefaultProcessingHooks);
  options.processing_hooks = ini.list(kSection, "processing_hooks", by_default);
  read_discovery(ini, options);
  read_ports(ini, options);
  options.overwrite_existing = ini.boolean(kSection, "overwrite_existing", true);
  options.update_pxe_enabled = ini.boolean(kSection, "update_pxe_enabled", true);
  options.disk_partitioning_spacing = ini.boolean(kSection, "disk_partitioning_spacing", true);
  options.power_off = ini.boolean(kSection, "power_off", true);
  options.permit_active_introspection = ini.boolean(kSection, "permit_active_introspection", false);
  constexpr std::string_view kStores[] = {"none", "database", "swift"};
  options.store_data = ini.choice(kSection, "store_data", "none", kStores);
  read_ramdisk_logs(ini, options);
  read_hooks(ini, options);
  return options;
}

}  // namespace inspector
