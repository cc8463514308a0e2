#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>

namespace inspector {

struct ProcessingOptions;

/// The network interfaces of a report in the form that the hooks and the look-up use:
/// name → `{"ip": …, "mac": …, "client_id": …, "pxe": …}`. Pure but for log lines; all throw
/// Rejected only.

/// The MAC that the machine booted from, in lower case: `boot_interface`, also in PXELINUX's form
/// (`01-52-54-00-8a-10-01`).
std::optional<std::string> pxe_mac(const boost::json::object& report);

/// The address of the BMC as the look-up compares it: of the inventory, else of the top level.
/// nullopt: there is none, or it says so (`0.0.0.0`, `::/0`).
std::optional<std::string> bmc_ipv4(const boost::json::object& report);
std::optional<std::string> bmc_ipv6(const boost::json::object& report);

/// Every interface with a name and a valid MAC.
boost::json::object all_interfaces(boost::json::object& report);

/// Those of `all` for which `options` lets ports be made. Never empty: Rejected with upstream's
/// texts.
boost::json::object suitable_interfaces(const boost::json::object& report,
                                        const boost::json::object& all,
                                        const ProcessingOptions& options);

}  // namespace inspector
