#pragma once
#include <boost/json/fwd.hpp>

#include <string>
#include <vector>

namespace inspector {

/// Accelerators by their PCI ids: each with `vendor_id`, `device_id`, and what else is to be told
/// of it (`type`, `device_info`), all texts. From a YAML file with a list `pci_devices` of maps; an
/// empty name means those that are built in. Throws base::ConfigError naming the file.
std::vector<boost::json::object> known_accelerators(const std::string& file);

}  // namespace inspector
