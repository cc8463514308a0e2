#include "inspector/processing/known_devices.h"

#include "base/ini.h"
#include "inspector/yaml_file.h"

#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr const char* kBuiltIn = R"(
pci_devices:
  - {vendor_id: "10de", device_id: "1eb8", type: GPU, device_info: NVIDIA Corporation Tesla T4}
  - {vendor_id: "10de", device_id: "1df6", type: GPU, device_info: NVIDIA Corporation GV100GL}
)";

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw base::ConfigError("[accelerators]known_devices = " + file + ": " + why);
}

json::object device_of(const YAML::Node& entry, const std::string& file) {
  json::object device;
  if (entry.IsMap())
    for (const auto& field : entry) {
      if (!field.first.IsScalar() || !field.second.IsScalar())
        refuse(file, "the fields of a device must be texts");
      device[field.first.Scalar()] = json::value(field.second.Scalar());
    }
  for (const char* needed : {"vendor_id", "device_id"})
    if (!device.contains(needed)) refuse(file, "one of devices is missing vendor_id or device_id");
  return device;
}

}  // namespace

std::vector<json::object> known_accelerators(const std::string& file) {
  try {
    const YAML::Node document = file.empty() ? load_yaml(kBuiltIn) : load_yaml_file(file);
    const YAML::Node list = document.IsMap() ? document["pci_devices"] : YAML::Node();
    if (!document.IsMap() || !list.IsDefined())
      refuse(file, "Could not find pci_devices in the configuration data");
    if (!list.IsSequence()) refuse(file, "pci_devices should contain a list of devices");
    std::vector<json::object> devices;
    for (const auto& entry : list)
      devices.push_back(device_of(entry, file));
    return devices;
  } catch (const YAML::Exception& e) {
    refuse(file, e.what());
  }
}

}  // namespace inspector
