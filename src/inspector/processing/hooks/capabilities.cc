#include "inspector/node/capabilities.h"

#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

/// The boot mode and what the processor can do, as capabilities.
class CapabilitiesHook : public ProcessingHook {
 public:
  explicit CapabilitiesHook(const ProcessingOptions& options)
      : boot_mode_(options.boot_mode), cpu_flags_(options.cpu_flags) {}

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const json::object& inventory = checked_inventory(report);
    Capabilities found;
    if (boot_mode_) add_boot_mode(inventory, node, found);
    if (!cpu_flags_.empty()) add_flags(inventory, node, found);
    update_capabilities(node, changes, found);
  }

 private:
  static void warn(const NodeView& node, const std::string& text) {
    base::log_warning("processing.capabilities", text, {{"node", node.uuid()}});
  }

  static const json::value* find(const json::object& inventory, std::string_view section,
                                 std::string_view key) {
    const auto* part = find_field(inventory, section);
    return part != nullptr && part->is_object() ? find_field(part->get_object(), key) : nullptr;
  }

  static void add_boot_mode(const json::object& inventory, const NodeView& node,
                            Capabilities& found) {
    const auto* mode = find(inventory, "boot", "current_boot_mode");
    // A comma or a colon would make other capabilities of it.
    if (mode != nullptr && mode->is_string() && !mode->get_string().empty() &&
        std::string_view(mode->get_string()).find_first_of(",:") == std::string_view::npos)
      found.emplace_back("boot_mode", std::string(mode->get_string()));
    else
      warn(node,
           "No usable boot mode information: " + shown(mode != nullptr ? *mode : json::value()));
  }

  void add_flags(const json::object& inventory, const NodeView& node, Capabilities& found) const {
    const auto* flags = find(inventory, "cpu", "flags");
    if (flags == nullptr || !flags->is_array()) {
      warn(node, "No CPU flags available, please update your introspection ramdisk");
      return;
    }
    for (const auto& [flag, capability] : cpu_flags_) {
      const json::value wanted(flag);
      const bool there = std::ranges::find(flags->get_array(), wanted) != flags->get_array().end();
      const bool known =
          std::ranges::find(found, capability, &Capabilities::value_type::first) != found.end();
      if (there && !known) found.emplace_back(capability, "true");
    }
  }

  bool boot_mode_;
  std::vector<std::pair<std::string, std::string>> cpu_flags_;
};

}  // namespace

std::unique_ptr<ProcessingHook> capabilities_hook(const ProcessingOptions& options) {
  return std::make_unique<CapabilitiesHook>(options);
}

}  // namespace inspector
