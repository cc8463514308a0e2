#pragma once
#include "inspector/config/mdns.h"

#include <memory>

namespace inspector {

/// Publishes the API if the configuration asks for it; null: it does not. Throws what
/// MdnsPublication and service_record() throw.
std::unique_ptr<MdnsPublication> publish_api(base::Env& env, const MdnsOptions& options);

}  // namespace inspector
