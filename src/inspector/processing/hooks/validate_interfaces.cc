#include "base/ini.h"
#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/address.h"
#include "inspector/processing/cabling.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/interfaces.h"
#include "inspector/processing/python_repr.h"

#include <map>
#include <set>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.validate_interfaces";

json::value or_null(std::optional<std::string> text) {
  return text ? json::value(*text) : json::value();
}

std::set<std::string> macs_of(const json::object& interfaces) {
  std::set<std::string> macs;
  for (const auto& [name, interface] : interfaces)
    macs.emplace(text_or_empty(interface.get_object(), "mac"));
  return macs;
}

// Interfaces of one name share a record, but two names may still have one MAC (bonds): one port.
std::map<std::string, const json::object*> by_mac(const json::object& interfaces) {
  std::map<std::string, const json::object*> out;
  for (const auto& [name, interface] : interfaces)
    out.emplace(text_or_empty(interface.get_object(), "mac"), &interface.get_object());
  return out;
}

/// Finds out the machine's addresses, makes ports of its interfaces and removes those that are not
/// its own.
class ValidateInterfaces : public ProcessingHook {
 public:
  explicit ValidateInterfaces(const ProcessingOptions& options) : options_(options) {
    if (options.add_ports == ProcessingOptions::AddPorts::kDisabled &&
        options.keep_ports == ProcessingOptions::KeepPorts::kAdded)
      throw base::ConfigError(
          "Configuration error: add_ports set to disabled and keep_ports set to added. Please "
          "change keep_ports to all.");
  }

  void before_processing(json::object& report) const override {
    report["ipmi_address"] = or_null(bmc_ipv4(report));
    report["ipmi_v6address"] = or_null(bmc_ipv6(report));
    const json::object all = all_interfaces(report);
    const json::object suitable = suitable_interfaces(report, all, options_);
    json::array macs;
    for (const auto& [name, interface] : suitable)
      macs.push_back(interface.get_object().at("mac"));
    report["all_interfaces"] = all;
    report["interfaces"] = suitable;
    report["macs"] = std::move(macs);
  }

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const auto& suitable = report.at("interfaces").get_object();
    const std::vector<json::object>& known = node.ports();  // before our own changes
    const PortsByMac ports = ports_by_mac(known);

    if (options_.add_ports != ProcessingOptions::AddPorts::kDisabled)
      add_ports(suitable, ports, node, changes);
    if (node.active_or_rescue()) return;
    drop_ports(report, known, node, changes);
    if (options_.overwrite_existing && options_.update_pxe_enabled)
      update_pxe(suitable, ports, changes);
  }

 private:
  void add_ports(const json::object& suitable, const PortsByMac& ports, const NodeView& node,
                 NodeChanges& changes) const {
    std::string existing;
    for (const auto& [mac, interface] : by_mac(suitable)) {
      if (ports.contains(mac)) {
        existing += (existing.empty() ? "" : ", ") + mac;
        continue;
      }
      json::object extra;
      if (const auto* id = find_field(*interface, "client_id"); id != nullptr && truthy(*id))
        extra["client-id"] = *id;
      const bool pxe = !options_.update_pxe_enabled || interface->at("pxe").get_bool();
      changes.create_port({mac, std::move(extra), pxe});
    }
    if (!existing.empty())
      base::log_warning(kComponent, "Did not create ports " + existing + " as they already exist",
                        {{"node", node.uuid()}});
  }

  void drop_ports(const json::object& report, const std::vector<json::object>& known,
                  const NodeView& node, NodeChanges& changes) const {
    using Keep = ProcessingOptions::KeepPorts;
    if (options_.keep_ports == Keep::kAll) return;
    const auto own =
        macs_of(report.at(options_.keep_ports == Keep::kPresent ? "all_interfaces" : "interfaces")
                    .get_object());
    for (const auto& port : known) {
      if (own.contains(lower_mac(text_or_empty(port, "address")))) continue;
      base::log_info(kComponent, "Deleting port as its MAC is not one of the machine's",
                     {{"node", node.uuid()}, {"port", text_or_empty(port, "uuid")}});
      changes.delete_port(text_or_empty(port, "uuid"));
    }
  }

  static void update_pxe(const json::object& suitable, const PortsByMac& ports,
                         NodeChanges& changes) {
    for (const auto& [mac, interface] : by_mac(suitable)) {
      const auto port = ports.find(mac);
      if (port == ports.end()) continue;
      const bool pxe = interface->at("pxe").get_bool();
      const auto* now = port->second->if_contains("pxe_enabled");
      if (now == nullptr || !now->is_bool() || now->get_bool() != pxe)
        changes.set_port(text_or_empty(*port->second, "uuid"), "/pxe_enabled", pxe);
    }
  }

  ProcessingOptions options_;
};

}  // namespace

std::unique_ptr<ProcessingHook> validate_interfaces_hook(const ProcessingOptions& options) {
  return std::make_unique<ValidateInterfaces>(options);
}

}  // namespace inspector
