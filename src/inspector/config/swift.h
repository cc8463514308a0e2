#pragma once
#include "inspector/config/service_client.h"

#include <cstdint>
#include <string>

namespace inspector {

/// [swift]: where introspection data is kept with [processing]store_data = swift.
struct SwiftOptions {
  ServiceOptions service;  ///< the endpoint is that of an account
  std::string container = "ironic-inspector";
  std::int64_t delete_after = 0;  ///< seconds that an object is kept; 0: for ever
};

/// Reads and checks; throws base::ConfigError.
SwiftOptions read_swift(const base::Ini& ini);

}  // namespace inspector
