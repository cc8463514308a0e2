#include "inspector/processing/cabling.h"

#include "inspector/processing/address.h"
#include "inspector/processing/fields.h"

namespace inspector {

namespace json = boost::json;

std::vector<ReportedInterface> reported_interfaces(json::object& report) {
  std::vector<ReportedInterface> out;
  for (const auto& value : checked_inventory(report).at("interfaces").get_array()) {
    const auto* record = value.if_object();
    if (record == nullptr) continue;
    const auto name = text_or_empty(*record, "name");
    const auto mac = text_or_empty(*record, "mac_address");
    if (name.empty()) continue;
    out.push_back({std::string(name), is_mac(mac) ? lower_mac(mac) : std::string(), record});
  }
  return out;
}

const json::value* heard_lldp(const json::object& report, const ReportedInterface& interface) {
  const auto* raw = find_field(report, "lldp_raw");
  const auto* lists = raw != nullptr ? raw->if_object() : nullptr;
  const auto* heard = lists != nullptr ? find_field(*lists, interface.name) : nullptr;
  return heard != nullptr ? heard : find_field(*interface.record, "lldp");
}

PortsByMac ports_by_mac(const std::vector<json::object>& ports) {
  PortsByMac out;
  for (const auto& port : ports)
    out.emplace(lower_mac(text_or_empty(port, "address")), &port);
  return out;
}

json::object* entry_of(json::object& report, std::string_view list, const std::string& name) {
  auto* entries = report.if_contains(list);
  if (entries == nullptr || !entries->is_object()) return nullptr;
  auto* entry = entries->get_object().if_contains(name);
  return entry != nullptr ? entry->if_object() : nullptr;
}

}  // namespace inspector
