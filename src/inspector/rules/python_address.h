#pragma once
#include "inspector/ip_network.h"

#include <boost/json/fwd.hpp>

namespace inspector {

/// `netaddr.IPAddress(value)`: a text, or a whole number (true is 1), beyond 32 bits of IPv6.
/// Throws PythonError as netaddr does.
IpAddress python_address(const boost::json::value& value);

}  // namespace inspector
