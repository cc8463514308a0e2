#pragma once
#include "inspector/api/api.h"
#include "inspector/api/api_version.h"
#include "inspector/api/query.h"

#include <string>
#include <vector>

namespace inspector {

/// One request on its way through its handler.
struct ApiCall {
  const Api::Parts& parts;
  const ApiOptions& options;
  const http::Request& request;
  std::vector<std::string> arguments;  ///< what stands in the path for `{…}`, decoded
  Query query;
  ApiVersion version;
  std::stop_token stop;

  /// For a conductor: no client waits longer than 20 s, as a ramdisk gives up for good at 30 s.
  Conductor::Call to_conductor() const {
    return {parts.env.now() + std::chrono::seconds(20), stop};
  }
};

}  // namespace inspector
