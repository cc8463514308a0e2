#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/disk_hints.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.root_disk_selection";
constexpr std::int64_t kGiB = 1024 * 1024 * 1024;

// Takes out every disk that fits an entry of the node's `skip_block_devices`.
void skip_disks(json::array& disks, const json::value& skipped, const NodeView& node) {
  const auto* list = skipped.if_array();
  if (list == nullptr) reject_field("properties.skip_block_devices", "a list", skipped);
  for (const auto& entry : *list) {
    std::optional<DiskHints> hints;
    try {
      hints.emplace(entry);
    } catch (const Rejected& e) {
      throw Rejected("Invalid hints " + shown(entry) +
                     " in properties.skip_block_devices. Error: " + e.what());
    }
    json::array names, left;
    for (auto& disk : disks) {
      if (disk.is_object() && hints->matches(disk.get_object())) {
        const auto* name = find_field(disk.get_object(), "name");
        names.push_back(name != nullptr ? *name : json::value());
      } else {
        left.push_back(std::move(disk));
      }
    }
    disks = std::move(left);
    if (!names.empty())
      base::log_warning(kComponent,
                        "Using hint " + shown(entry) + " skipping devices: " + shown(names),
                        {{"node", node.uuid()}});
  }
}

// The first disk that fits the node's hints.
json::object choose(const json::array& disks, const json::value& hints) {
  std::optional<DiskHints> parsed;
  try {
    parsed.emplace(hints);
  } catch (const Rejected& e) {
    throw Rejected("No disks could be found using the root device hints " + python_repr(hints) +
                   " because they failed to validate. Error: " + e.what());
  }
  for (const auto& disk : disks)
    if (disk.is_object() && parsed->matches(disk.get_object())) return disk.get_object();
  throw Rejected("No disks satisfied root device hints");
}

/// Chooses the disk to install on, and tells Ironic its size.
class RootDiskSelection : public ProcessingHook {
 public:
  explicit RootDiskSelection(const ProcessingOptions& options)
      : overwrite_(options.overwrite_existing), spacing_(options.disk_partitioning_spacing) {}

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    if (const auto* hints = node.property("root_device"); hints != nullptr && truthy(*hints)) {
      auto& disks = checked_inventory(report).at("disks").get_array();
      if (const auto* skipped = node.property("skip_block_devices"))
        skip_disks(disks, *skipped, node);
      report["root_disk"] = choose(disks, *hints);
    }
    const std::int64_t local_gb = size_of_root(report, node);
    report["local_gb"] = local_gb;
    const auto* known = node.property("local_gb");
    if (overwrite_ || known == nullptr || !truthy(*known))
      changes.set("/properties/local_gb", json::value(std::to_string(local_gb)));
  }

 private:
  // In GiB; 0: there is no disk, or its size is not known.
  std::int64_t size_of_root(const json::object& report, const NodeView& node) const {
    const auto* disk = object_field(report, "root_disk");
    if (disk == nullptr || disk->empty()) {
      base::log_info(kComponent, "No root device found, assuming a disk-less node",
                     {{"node", node.uuid()}});
      return 0;
    }
    const auto* size = find_field(*disk, "size");
    const auto bytes = size == nullptr ? std::optional<std::int64_t>(0) : as_integer(*size);
    if (!bytes || *bytes < 0) reject_field("root_disk.size", "a number of bytes", *size);
    if (*bytes >= kGiB) return *bytes / kGiB - (spacing_ ? 1 : 0);
    base::log_warning(kComponent,
                      "The requested root disk is too small (smaller than 1 GiB) or its size "
                      "cannot be detected: " +
                          shown(*disk),
                      {{"node", node.uuid()}});
    return 0;
  }

  bool overwrite_;
  bool spacing_;
};

}  // namespace

std::unique_ptr<ProcessingHook> root_disk_selection_hook(const ProcessingOptions& options) {
  return std::make_unique<RootDiskSelection>(options);
}

}  // namespace inspector
