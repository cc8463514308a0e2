#include "inspector/processing/interfaces.h"

#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/processing/address.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hook.h"
#include "inspector/processing/python_repr.h"

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.interfaces";

// Each may become a port in Ironic, one request each.
constexpr std::size_t kMostInterfaces = 4096;

using AddPorts = ProcessingOptions::AddPorts;

// The inventory's word counts even when it is null; only a missing one makes us look elsewhere.
std::optional<std::string> bmc_address(const json::object& report, std::string_view in_inventory,
                                       std::string_view on_top) {
  const auto* inventory = find_field(report, "inventory");
  const bool there = inventory != nullptr && inventory->is_object() &&
                     inventory->get_object().contains(in_inventory);
  const auto text =
      there ? text_field(inventory->get_object(), "inventory." + std::string(in_inventory))
            : text_field(report, on_top);
  return text && !text->empty() ? std::optional<std::string>(*text) : std::nullopt;
}

// The IPv4 address, else the IPv6 one; null: none.
json::value address_of(const json::object& interface, std::string_view name) {
  for (const std::string_view field : {"ipv4_address", "ipv6_address"}) {
    const auto text = text_field(interface, "inventory.interfaces." + std::string(field));
    if (!text || text->empty()) continue;
    std::string ip = without_zone(*text);
    if (!is_ip(ip))
      throw Rejected("inventory.interfaces." + std::string(field) + ": not an IP address: " +
                     shown(json::value(*text)) + " (interface " + cut(std::string(name), 64) + ")");
    return json::value(ip);
  }
  return nullptr;
}

// Adds one interface of the inventory unless it cannot be used, and says why not.
void add_interface(const json::value& record, const std::optional<std::string>& boot_mac,
                   json::object& all) {
  const auto* interface = record.if_object();
  const auto* name = interface != nullptr ? find_field(*interface, "name") : nullptr;
  if (name == nullptr || !name->is_string() || name->get_string().empty()) {
    base::log_error(kComponent, "Malformed interface record: " + shown(record));
    return;
  }
  const std::string_view key = name->get_string();
  const auto* mac = find_field(*interface, "mac_address");
  if (mac == nullptr || !truthy(*mac)) {
    base::log_debug(kComponent, "Skipping interface without link information",
                    {{"interface", key}});
    return;
  }
  if (!mac->is_string() || !is_mac(mac->get_string())) {
    base::log_warning(kComponent, "MAC address for interface " + cut(std::string(key), 64) +
                                      " is not valid: " + shown(*mac) + ", skipping");
    return;
  }
  const std::string address = lower_mac(mac->get_string());
  const auto* client_id = find_field(*interface, "client_id");
  all[key] = json::object{{"ip", address_of(*interface, key)},
                          {"mac", address},
                          {"client_id", client_id != nullptr ? *client_id : json::value()},
                          {"pxe", boot_mac == address}};
}

// Whether ports may be made for it; an empty `ip` is none.
bool is_suitable(std::string_view name, const json::object& interface, AddPorts add_ports,
                 bool boot_mac_known) {
  const auto* ip = interface.at("ip").if_string();
  if (name == "lo" || (ip != nullptr && is_loopback(*ip))) return false;
  if (add_ports == AddPorts::kPxe && boot_mac_known && !interface.at("pxe").get_bool())
    return false;
  return add_ports == AddPorts::kAll || ip != nullptr;
}

}  // namespace

std::optional<std::string> pxe_mac(const json::object& report) {
  const auto text = text_field(report, "boot_interface");
  if (!text || text->empty()) return std::nullopt;
  const auto dash = text->find('-');
  if (dash == std::string_view::npos) return lower_mac(*text);
  std::string mac = lower_mac(text->substr(dash + 1));
  std::ranges::replace(mac, '-', ':');
  return mac;
}

std::optional<std::string> bmc_ipv4(const json::object& report) {
  auto address = bmc_address(report, "bmc_address", "ipmi_address");
  return address == "0.0.0.0" ? std::nullopt : address;
}

std::optional<std::string> bmc_ipv6(const json::object& report) {
  const auto address = bmc_address(report, "bmc_v6address", "ipmi_v6address");
  if (!address) return std::nullopt;
  auto normal = normal_ipv6(*address);
  return normal == "::" ? std::nullopt : std::optional(std::move(normal));
}

json::object all_interfaces(json::object& report) {
  const auto boot_mac = pxe_mac(report);
  json::object all;
  const auto& interfaces = checked_inventory(report).at("interfaces").get_array();
  if (interfaces.size() > kMostInterfaces)
    throw Rejected("inventory.interfaces: there are " + std::to_string(interfaces.size()) +
                   ", at most " + std::to_string(kMostInterfaces) + " are accepted");
  for (const auto& record : interfaces)
    add_interface(record, boot_mac, all);
  return all;
}

json::object suitable_interfaces(const json::object& report, const json::object& all,
                                 const ProcessingOptions& options) {
  if (all.empty()) throw Rejected("No interfaces supplied by the ramdisk");
  const bool boot_mac_known = pxe_mac(report).has_value();
  if (!boot_mac_known && options.add_ports == AddPorts::kPxe)
    base::log_warning(kComponent,
                      "No boot interface provided in the introspection data, will add all ports "
                      "with IP addresses");
  json::object suitable;
  for (const auto& [name, interface] : all)
    if (is_suitable(name, interface.get_object(), options.add_ports, boot_mac_known))
      suitable[name] = interface;
  if (suitable.empty())
    throw Rejected("No suitable interfaces found in " + python_repr(json::value(all)));
  return suitable;
}

}  // namespace inspector
