#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/lldp/parser.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/address.h"
#include "inspector/processing/cabling.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"
#include "inspector/processing/warnings.h"

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.local_link_connection";

/// Tells Ironic which port of which switch each port of the machine is cabled to.
class LocalLinkConnection : public ProcessingHook {
 public:
  explicit LocalLinkConnection(const ProcessingOptions& options)
      : overwrite_(options.overwrite_existing) {}

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const std::vector<json::object>& known = node.ports();  // before our own changes
    const PortsByMac ports = ports_by_mac(known);
    Warnings warnings(kComponent, node.uuid());
    for (const auto& interface : reported_interfaces(report)) {
      const auto port = ports.find(interface.mac);
      if (interface.mac.empty() || port == ports.end()) continue;
      const auto* heard = heard_lldp(report, interface);
      if (heard == nullptr) {
        warnings.add("No LLDP Data found for interface " + interface.mac);
        continue;
      }
      const json::object link = link_of(report, interface.name, *heard, node);
      for (const auto& [key, value] : link)
        set(interface.mac, *port->second, std::string(key), value, changes);
    }
  }

 private:
  // `switch_id` and `port_id`, as far as they are known: what lldp_basic has found, else what was
  // heard.
  static json::object link_of(json::object& report, const std::string& name,
                              const json::value& heard, const NodeView& node) {
    json::object link;
    if (const auto* entry = entry_of(report, "all_interfaces", name))
      if (const auto* processed = find_field(*entry, "lldp_processed"))
        if (processed->is_object()) link = link_in(processed->get_object(), node);
    return link.empty() ? link_in(lldp::parse(heard).attributes, node) : link;
  }

  static json::object link_in(const json::object& attributes, const NodeView& node) {
    json::object link;
    if (const auto* chassis = find_field(attributes, "switch_chassis_id")) {
      if (is_mac(text_or_empty(attributes, "switch_chassis_id")))
        link["switch_id"] = *chassis;
      else
        base::log_info(kComponent, "Skipping switch_id since it's not a MAC: " + shown(*chassis),
                       {{"node", node.uuid()}});
    }
    if (const auto port = text_or_empty(attributes, "switch_port_id"); !port.empty())
      link["port_id"] = json::value(port);
    return link;
  }

  void set(const std::string& mac, const json::object& port, const std::string& key,
           const json::value& value, NodeChanges& changes) const {
    const auto* now = find_field(port, "local_link_connection");
    const auto* fields = now != nullptr ? now->if_object() : nullptr;
    const auto* old = fields != nullptr ? fields->if_contains(key) : nullptr;
    if (old != nullptr && (!overwrite_ || *old == value)) return;
    changes.set_link(mac, text_or_empty(port, "uuid"), "/local_link_connection/" + key, value);
  }

  bool overwrite_;
};

}  // namespace

std::unique_ptr<ProcessingHook> local_link_connection_hook(const ProcessingOptions& options) {
  return std::make_unique<LocalLinkConnection>(options);
}

}  // namespace inspector
