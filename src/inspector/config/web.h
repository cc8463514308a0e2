#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// [healthcheck], as oslo.middleware has it.
struct HealthOptions {
  bool enabled = false;
  std::string path = "/healthcheck";
  bool detailed = false;
  bool ignore_proxied_requests = false;
  std::vector<std::string> allowed_source_ranges;  ///< networks; empty: everybody
  std::vector<std::string> backends;               ///< disable_by_file and the like
  std::string disable_by_file_path;
  std::vector<std::pair<std::uint16_t, std::string>> disable_by_file_paths;  ///< by port
  std::vector<std::string> enable_by_file_paths;
};

/// Throws base::ConfigError.
HealthOptions read_health(const base::Ini& ini);

/// [cors], as oslo.middleware has it.
struct CorsOptions {
  std::vector<std::string> allowed_origin;  ///< empty: answers say nothing of other origins
  bool allow_credentials = true;
  std::vector<std::string> expose_headers;
  std::int64_t max_age = 3600;  ///< seconds
  std::vector<std::string> allow_methods;
  std::vector<std::string> allow_headers;
};

/// Throws base::ConfigError.
CorsOptions read_cors(const base::Ini& ini);

}  // namespace inspector
