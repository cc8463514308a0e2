#include "inspector/lldp/parser.h"
#include "inspector/node/view.h"
#include "inspector/processing/cabling.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/interfaces.h"
#include "inspector/processing/python_repr.h"
#include "inspector/processing/warnings.h"

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::size_t kShownName = 64;

/// What the switches said on each interface, in words: `all_interfaces.{name}.lldp_processed`.
class LldpBasic : public ProcessingHook {
 public:
  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    (void)changes;
    const auto interfaces = reported_interfaces(report);
    if (!report.contains("all_interfaces")) report["all_interfaces"] = all_interfaces(report);
    Warnings warnings("processing.lldp_basic", node.uuid());
    for (const auto& interface : interfaces) {
      const auto* heard = heard_lldp(report, interface);
      if (heard == nullptr) {
        warnings.add("No LLDP Data found for interface " + cut(interface.name, kShownName));
        continue;
      }
      const lldp::Found found = lldp::parse(*heard);
      for (const auto& note : found.notes)
        warnings.add("interface " + cut(interface.name, kShownName) + ": " + note);
      if (found.attributes.empty()) continue;
      for (const std::string_view list : {"all_interfaces", "interfaces"})
        if (auto* entry = entry_of(report, list, interface.name))
          (*entry)["lldp_processed"] = found.attributes;
    }
  }
};

}  // namespace

std::unique_ptr<ProcessingHook> lldp_basic_hook(const ProcessingOptions&) {
  return std::make_unique<LldpBasic>();
}

}  // namespace inspector
