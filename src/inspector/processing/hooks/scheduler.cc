#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"

namespace inspector {
namespace {

namespace json = boost::json;

/// What a scheduler asks of a machine: processors, their architecture, memory.
class Scheduler : public ProcessingHook {
 public:
  explicit Scheduler(const ProcessingOptions& options) : overwrite_(options.overwrite_existing) {}

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const json::object& inventory = checked_inventory(report);
    const auto cpus = count(inventory, "cpu", "count");
    const auto arch = text(inventory, "cpu", "architecture");
    const auto memory = count(inventory, "memory", "physical_mb");
    if (!cpus || !arch) warn(node, "CPU", inventory, "cpu");
    if (!memory) warn(node, "memory", inventory, "memory");

    if (cpus) report["cpus"] = *cpus;
    if (arch) report["cpu_arch"] = json::value(*arch);
    if (memory) report["memory_mb"] = *memory;
    if (cpus) set(node, changes, "cpus", std::to_string(*cpus));
    if (arch) set(node, changes, "cpu_arch", *arch);
    if (memory) set(node, changes, "memory_mb", std::to_string(*memory));
  }

 private:
  static const json::value* find(const json::object& inventory, std::string_view section,
                                 std::string_view key) {
    const auto* part = find_field(inventory, section);
    return part != nullptr && part->is_object() ? find_field(part->get_object(), key) : nullptr;
  }

  static std::optional<std::int64_t> count(const json::object& inventory, std::string_view section,
                                           std::string_view key) {
    const auto* value = find(inventory, section, key);
    const auto number = value == nullptr ? std::nullopt : as_integer(*value);
    return number && *number > 0 ? number : std::nullopt;
  }

  static std::optional<std::string> text(const json::object& inventory, std::string_view section,
                                         std::string_view key) {
    const auto* value = find(inventory, section, key);
    if (value == nullptr || !value->is_string() || value->get_string().empty()) return std::nullopt;
    return std::string(value->get_string());
  }

  static void warn(const NodeView& node, std::string_view what, const json::object& inventory,
                   std::string_view section) {
    const auto* part = inventory.if_contains(section);
    base::log_warning("processing.scheduler",
                      "malformed or missing " + std::string(what) +
                          " information: " + shown(part != nullptr ? *part : json::value()),
                      {{"node", node.uuid()}});
  }

  void set(const NodeView& node, NodeChanges& changes, std::string_view name,
           const std::string& value) const {
    const auto* known = node.property(name);
    if (overwrite_ || known == nullptr || !truthy(*known))
      changes.set("/properties/" + std::string(name), json::value(value));
  }

  bool overwrite_;
};

}  // namespace

std::unique_ptr<ProcessingHook> scheduler_hook(const ProcessingOptions& options) {
  return std::make_unique<Scheduler>(options);
}

}  // namespace inspector
