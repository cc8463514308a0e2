#include "inspector/config/ironic.h"

namespace inspector {

IronicOptions read_ironic(const base::Ini& ini) {
  return read_service(ini, {.name = "ironic",
                            .service_type = "baremetal",
                            .endpoint = "Ironic's URL, as http://192.0.2.1:6385"});
}

}  // namespace inspector
