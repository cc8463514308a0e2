#pragma once
#include "inspector/config/service_client.h"

namespace inspector {

/// [ironic]: how Ironic is reached. The endpoint's override is a base URL, with or without a
/// trailing /v1.
using IronicOptions = ServiceOptions;

/// Reads and checks; throws base::ConfigError.
IronicOptions read_ironic(const base::Ini& ini);

}  // namespace inspector
