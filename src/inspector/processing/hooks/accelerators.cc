#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/known_devices.h"

namespace inspector {
namespace {

namespace json = boost::json;

/// Those PCI devices of the machine that are known to be accelerators, as a property of the node.
class Accelerators : public ProcessingHook {
 public:
  explicit Accelerators(const ProcessingOptions& options)
      : known_(known_accelerators(options.known_accelerators)) {}

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const auto* devices = list_field(report, "pci_devices");
    if (devices == nullptr || devices->empty()) {
      base::log_warning("processing.accelerators",
                        "Unable to process accelerator devices because no PCI device information "
                        "was received from the ramdisk",
                        {{"node", node.uuid()}});
      return;
    }
    json::array found;
    for (const auto& value : *devices)
      if (const auto* device = value.if_object())
        if (const auto* known = find(*device)) {
          json::object accelerator = *known;
          const auto* bus = device->if_contains("bus");
          accelerator["pci_address"] = bus != nullptr ? *bus : json::value();
          found.push_back(std::move(accelerator));
        }
    if (!found.empty()) changes.set("/properties/accelerators", std::move(found));
  }

 private:
  const json::object* find(const json::object& device) const {
    const auto vendor = text_or_empty(device, "vendor_id");
    const auto product = text_or_empty(device, "product_id");
    for (const auto& known : known_)
      if (text_or_empty(known, "vendor_id") == vendor &&
          text_or_empty(known, "device_id") == product)
        return &known;
    return nullptr;
  }

  std::vector<json::object> known_;
};

}  // namespace

std::unique_ptr<ProcessingHook> accelerators_hook(const ProcessingOptions& options) {
  return std::make_unique<Accelerators>(options);
}

}  // namespace inspector
