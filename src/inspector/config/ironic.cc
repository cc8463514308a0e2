#include "inspector/config/ironic.h"

namespace inspector {

namespace {

/// Kept for the next request: about as many as are under way when many nodes are worked on.
constexpr std::size_t kConnections = 128;

}  // namespace

IronicOptions read_ironic(const base::Ini& ini) {
  IronicOptions options = read_service(ini, {.name = "ironic",
                                             .service_type = "baremetal",
                                             .endpoint = "Ironic's URL, as http://192.0.2.1:6385"});
  options.client.max_idle = kConnections;
  return options;
}

}  // namespace inspector
