#pragma once
#include "inspector/config/processing.h"
#include "inspector/node/store.h"

#include <boost/json/fwd.hpp>

namespace inspector {

/// What of a report's look-up attributes a node can be found by again: MACs, and BMC addresses that
/// are IP addresses; sorted, each once.
Attributes findable(const Attributes& seen);

/// The body that makes a node of a machine which nobody knows (POST /v1/nodes). Its UUID comes of
/// its MACs, of the BMC addresses when it has none: whoever enrolls the same machine, at any time,
/// asks for the same node, and Ironic has it only once. `seen` is findable() and not empty. Pure.
boost::json::object discovered_node(const Attributes& seen, const ProcessingOptions& options);

}  // namespace inspector
