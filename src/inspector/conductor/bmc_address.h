#pragma once
#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <vector>

namespace inspector {

/// The addresses of a host name, IPv4 and IPv6, as text; empty: it does not resolve. The system's
/// resolver; blocks as long as that does.
std::vector<std::string> resolve_host(const std::string& host);

using Resolver = std::function<std::vector<std::string>(const std::string& host)>;

/// The address of the machine's controller that a report can be recognised by: from the first
/// non-empty of driver_info's `ipmi_address` and `fields`; at most one IPv4 and one IPv6 address.
/// Loopback addresses do not tell machines apart and are left out with a warning; so is a name that
/// does not resolve. Empty as well when `ipmi_bridging` makes the address another machine's.
std::vector<std::string> bmc_addresses(const boost::json::object& node,
                                       const std::vector<std::string>& fields,
                                       const Resolver& resolve);

}  // namespace inspector
