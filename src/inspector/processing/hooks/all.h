#pragma once
#include "inspector/processing/hook.h"

#include <memory>
#include <span>

namespace inspector {

struct ProcessingOptions;

/// A name of `processing_hooks` and what makes the hook; that throws base::ConfigError for options
/// that contradict each other.
struct HookEntry {
  std::string_view name;
  std::unique_ptr<ProcessingHook> (*make)(const ProcessingOptions& options);
};

std::span<const HookEntry> all_hooks() noexcept;

std::unique_ptr<ProcessingHook> ramdisk_error_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> root_disk_selection_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> scheduler_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> validate_interfaces_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> capabilities_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> pci_devices_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> accelerators_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> example_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> extra_hardware_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> lldp_basic_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> local_link_connection_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> physnet_cidr_map_hook(const ProcessingOptions& options);
std::unique_ptr<ProcessingHook> raid_device_hook(const ProcessingOptions& options);

}  // namespace inspector
