#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/capabilities.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"

#include <algorithm>
#include <map>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.pci_devices";

using DeviceKind = std::pair<std::string, std::string>;  ///< vendor id, product id
using Aliases = std::map<DeviceKind, std::string>;       ///< to the capability's name

void add_alias(Aliases& aliases, const std::string& text) {
  boost::system::error_code ec;
  const json::value entry = json::parse(text, ec);
  const auto* object = ec ? nullptr : entry.if_object();
  const auto member = [&](std::string_view key) {
    const auto* value = object == nullptr ? nullptr : object->if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
  };
  const std::string vendor = member("vendor_id");
  const std::string product = member("product_id");
  const std::string name = member("name");
  if (object != nullptr && object->size() == 3 && !vendor.empty() && !product.empty() &&
      !name.empty())
    aliases[{vendor, product}] = name;
  else
    base::log_error(kComponent,
                    "Error parsing 'alias' option: [pci_devices]alias = " + cut(text, 200) +
                        ": expected a JSON object with exactly the texts vendor_id, "
                        "product_id and name; it is ignored");
}

/// How many devices of each kind that has an alias the machine holds, as capabilities.
class PciDevices : public ProcessingHook {
 public:
  explicit PciDevices(const ProcessingOptions& options) {
    for (const auto& text : options.pci_aliases)
      add_alias(aliases_, text);
  }

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    if (aliases_.empty()) return;
    const auto* devices = list_field(report, "pci_devices");
    if (devices == nullptr) {
      base::log_warning(kComponent, "No PCI devices information was received from the ramdisk",
                        {{"node", node.uuid()}});
      return;
    }
    std::vector<std::pair<std::string, int>> counts;  // in the order in which they are found
    for (const auto& device : *devices) {
      const auto alias = aliases_.find(kind(device));
      if (alias == aliases_.end()) continue;
      const auto known =
          std::ranges::find(counts, alias->second, &decltype(counts)::value_type::first);
      if (known != counts.end())
        ++known->second;
      else
        counts.emplace_back(alias->second, 1);
    }
    Capabilities found;
    for (const auto& [name, count] : counts)
      found.emplace_back(name, std::to_string(count));
    update_capabilities(node, changes, found);
  }

 private:
  // Of a device that says neither or something else: two empty texts, which no alias has.
  static DeviceKind kind(const json::value& device) {
    const auto* object = device.if_object();
    if (object == nullptr) return {};
    const auto* vendor = object->if_contains("vendor_id");
    const auto* product = object->if_contains("product_id");
    if (vendor == nullptr || product == nullptr || !vendor->is_string() || !product->is_string())
      return {};
    return {std::string(vendor->get_string()), std::string(product->get_string())};
  }

  Aliases aliases_;
};

}  // namespace

std::unique_ptr<ProcessingHook> pci_devices_hook(const ProcessingOptions& options) {
  return std::make_unique<PciDevices>(options);
}

}  // namespace inspector
