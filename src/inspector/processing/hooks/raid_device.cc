#include "base/log.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"

#include <set>
#include <string>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.raid_device";

/// Finds the volume that a RAID controller was told to make: the one disk that is there now and was
/// not there at the introspection before.
class RaidDevice : public ProcessingHook {
 public:
  void before_processing(json::object& report) const override {
    const auto* size = report.if_contains("local_gb");
    if (size != nullptr && truthy(*size)) return;
    base::log_info(kComponent, "No volume is found on the node. Adding a fake value for local_gb");
    report["local_gb"] = 1;
  }

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const json::array serials = serials_of(report);
    if (serials.empty()) return say(node, "No block device was received from ramdisk");
    if (const auto* root = node.property("root_device"); root != nullptr)
      return base::log_info(kComponent, "Root device is already known for the node",
                            {{"node", node.uuid()}});
    if (const auto* before = known_before(node))
      choose(serials, *before, node, changes);
    else
      changes.set("/extra/block_devices", json::object{{"serials", serials}});
  }

 private:
  static void say(const NodeView& node, std::string_view text) {
    base::log_warning(kComponent, text, {{"node", node.uuid()}});
  }

  static json::array serials_of(const json::object& report) {
    const auto* inventory = object_field(report, "inventory");
    if (inventory == nullptr) {
      const auto* devices = object_field(report, "block_devices");
      const auto* list =
          devices != nullptr ? list_field(*devices, "block_devices.serials") : nullptr;
      return list != nullptr ? *list : json::array();
    }
    json::array serials;
    if (const auto* disks = list_field(*inventory, "inventory.disks"))
      for (const auto& disk : *disks)
        if (const auto* object = disk.if_object())
          if (const auto* serial = find_field(*object, "serial"); serial && truthy(*serial))
            serials.push_back(*serial);
    return serials;
  }

  // Of the node's `extra`; nullptr: nothing was kept.
  static const json::value* known_before(const NodeView& node) {
    const auto* extra = find_field(node.node(), "extra");
    return extra != nullptr && extra->is_object() ? find_field(extra->get_object(), "block_devices")
                                                  : nullptr;
  }

  static void choose(const json::array& now, const json::value& kept, const NodeView& node,
                     NodeChanges& changes) {
    const auto* object = kept.if_object();
    const auto* before = object != nullptr ? object->if_contains("serials") : nullptr;
    if (before == nullptr || !before->is_array())
      return say(node, "extra/block_devices of the node holds no list of serials");
    std::set<std::string> known;
    for (const auto& serial : before->get_array())
      known.insert(json::serialize(serial));
    json::array fresh;
    for (const auto& serial : now)
      if (!known.contains(json::serialize(serial))) fresh.push_back(serial);
    if (fresh.size() > 1)
      return say(node, "Root device cannot be identified because several new devices were found");
    if (fresh.empty()) return say(node, "No new devices were found");
    const json::value root = json::object{{"serial", fresh[0]}};
    changes.remove("/extra/block_devices");
    changes.set("/properties/root_device", root);
  }
};

}  // namespace

std::unique_ptr<ProcessingHook> raid_device_hook(const ProcessingOptions&) {
  return std::make_unique<RaidDevice>();
}

}  // namespace inspector
