#include "base/ini.h"
#include "inspector/config/processing.h"
#include "inspector/ip_network.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/address.h"
#include "inspector/processing/cabling.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"

#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

struct Mapping {
  IpNetwork network;
  std::string physical_network;
};

// At the last colon: IPv6 has some of its own.
Mapping parse(const std::string& item) {
  const auto refuse = [&](const std::string& why) {
    throw base::ConfigError("[port_physnet]cidr_map: " + item + ": " + why);
  };
  const auto colon = item.rfind(':');
  if (colon == std::string::npos || colon + 1 == item.size())
    refuse("expected CIDR:physical network");
  try {
    Mapping mapping{IpNetwork(item.substr(0, colon)), item.substr(colon + 1)};
    if (mapping.network.has_host_bits()) refuse("the network has host bits set");
    return mapping;
  } catch (const std::invalid_argument& e) {
    refuse(e.what());
    throw;
  }
}

/// Tells Ironic which physical network each port of the machine is in, by its addresses.
class PhysnetCidrMap : public ProcessingHook {
 public:
  explicit PhysnetCidrMap(const ProcessingOptions& options)
      : overwrite_(options.overwrite_existing) {
    for (const auto& item : options.cidr_map)
      map_.push_back(parse(item));
  }

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    const std::vector<json::object>& known = node.ports();  // before our own changes
    const PortsByMac ports = ports_by_mac(known);
    for (const auto& interface : reported_interfaces(report)) {
      const auto port = ports.find(interface.mac);
      if (interface.mac.empty() || port == ports.end()) continue;
      const json::value network(network_of(*interface.record));
      const auto* now = find_field(*port->second, "physical_network");
      if (network.get_string().empty() || (now != nullptr && (!overwrite_ || *now == network)))
        continue;
      changes.set_link(interface.mac, text_or_empty(*port->second, "uuid"), "/physical_network",
                       network);
    }
  }

 private:
  // The first network that has one of the interface's addresses; empty: none.
  std::string_view network_of(const json::object& interface) const {
    for (const char* field : {"ipv4_address", "ipv6_address"}) {
      const auto ip = parse_ip(without_zone(text_or_empty(interface, field)));
      if (!ip) continue;
      for (const auto& mapping : map_)
        if (mapping.network.contains(*ip)) return mapping.physical_network;
    }
    return {};
  }

  std::vector<Mapping> map_;
  bool overwrite_;
};

}  // namespace

std::unique_ptr<ProcessingHook> physnet_cidr_map_hook(const ProcessingOptions& options) {
  return std::make_unique<PhysnetCidrMap>(options);
}

}  // namespace inspector
