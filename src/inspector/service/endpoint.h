#pragma once
#include "inspector/config/rpc.h"

#include <cstdint>
#include <string>

namespace inspector {

/// The URL that API processes call this conductor by: `[json_rpc]advertise` when set; else with
/// `host_ip` if that is one address, else with `host` if it resolves to an address that is good
/// beyond this machine (or the backend is on this machine too), else with the address of the route
/// to the backend. Throws base::ConfigError when none of them can be worked out.
std::string endpoint_url(const RpcOptions& options, std::uint16_t port, const std::string& host,
                         const std::string& backend_url);

}  // namespace inspector
