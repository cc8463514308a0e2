#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

namespace inspector {

/// An interface of the inventory that has a name.
struct ReportedInterface {
  std::string name;
  std::string mac;  ///< in lower case; empty: none, or not a valid one
  const boost::json::object* record = nullptr;
};

/// In the order of the report, and valid as long as that does not change. Throws Rejected as
/// checked_inventory() does.
std::vector<ReportedInterface> reported_interfaces(boost::json::object& report);

/// What the ramdisk heard from the switch at that interface: `lldp_raw`, else the interface's own
/// `lldp`. nullptr: nothing.
const boost::json::value* heard_lldp(const boost::json::object& report,
                                     const ReportedInterface& interface);

/// Ports by MAC in lower case; they stay where they are.
using PortsByMac = std::map<std::string, const boost::json::object*>;
PortsByMac ports_by_mac(const std::vector<boost::json::object>& ports);

/// The entry of an interface in `all_interfaces` or `interfaces`; nullptr: there is none.
boost::json::object* entry_of(boost::json::object& report, std::string_view list,
                              const std::string& name);

}  // namespace inspector
