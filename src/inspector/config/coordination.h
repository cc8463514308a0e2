#pragma once
#include <string>

namespace base {
class Ini;
}

namespace inspector {

/// [coordination]: how conductors and API processes find each other. Not used in standalone.
struct CoordinationOptions {
  std::string backend_url = "memcached://localhost:11211";  ///< a secret: may hold a password
  std::string group = "ironic_inspector.service_group";
};

/// Reads and checks; throws base::ConfigError.
CoordinationOptions read_coordination(const base::Ini& ini);

}  // namespace inspector
