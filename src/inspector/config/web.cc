#include "inspector/config/web.h"

#include "base/ini.h"
#include "inspector/ip_network.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace inspector {
namespace {

std::pair<std::uint16_t, std::string> port_and_path(const base::Ini& ini, const std::string& text) {
  const std::size_t colon = text.find(':');
  std::uint16_t port = 0;
  const char* end = text.data() + std::min(colon, text.size());
  const auto [stopped, failed] = std::from_chars(text.data(), end, port);
  if (colon == std::string::npos || failed != std::errc() || stopped != end)
    throw ini.error("healthcheck", "disable_by_file_paths", "accepted: port:path, …");
  return {port, text.substr(colon + 1)};
}

void check_backends(const base::Ini& ini, const HealthOptions& options) {
  constexpr std::string_view kKnown[] = {"disable_by_file", "disable_by_files_ports",
                                         "enable_by_files"};
  for (const std::string& name : options.backends)
    if (std::ranges::find(kKnown, name) == std::end(kKnown))
      throw ini.error("healthcheck", "backends",
                      "accepted: disable_by_file, disable_by_files_ports, enable_by_files");
}

}  // namespace

HealthOptions read_health(const base::Ini& ini) {
  constexpr std::string_view kSection = "healthcheck";
  HealthOptions options;
  options.enabled = ini.boolean(kSection, "enabled", false);
  options.path = ini.text(kSection, "path", "/healthcheck");
  if (!options.path.starts_with('/')) throw ini.error(kSection, "path", "begins with a slash");
  options.detailed = ini.boolean(kSection, "detailed", false);
  options.ignore_proxied_requests = ini.boolean(kSection, "ignore_proxied_requests", false);
  options.allowed_source_ranges = ini.list(kSection, "allowed_source_ranges", "");
  for (const std::string& range : options.allowed_source_ranges) {
    try {
      const IpNetwork network(range);
    } catch (const std::invalid_argument& error) {
      throw ini.error(kSection, "allowed_source_ranges", error.what());
    }
  }
  options.backends = ini.list(kSection, "backends", "");
  check_backends(ini, options);
  options.disable_by_file_path = ini.text(kSection, "disable_by_file_path", "");
  for (const std::string& text : ini.list(kSection, "disable_by_file_paths", ""))
    options.disable_by_file_paths.push_back(port_and_path(ini, text));
  options.enable_by_file_paths = ini.list(kSection, "enable_by_file_paths", "");
  return options;
}

CorsOptions read_cors(const base::Ini& ini) {
  constexpr std::string_view kSection = "cors";
  CorsOptions options;
  options.allowed_origin = ini.list(kSection, "allowed_origin", "");
  options.allow_credentials = ini.boolean(kSection, "allow_credentials", true);
  options.expose_headers = ini.list(kSection, "expose_headers", "");
  options.max_age = ini.integer(kSection, "max_age", 3600, 0, 31536000);
  options.allow_methods =
      ini.list(kSection, "allow_methods", "GET,POST,PUT,HEAD,PATCH,DELETE,OPTIONS");
  options.allow_headers = ini.list(kSection, "allow_headers",
                                   "X-Auth-Token,X-OpenStack-Ironic-Inspector-API-Minimum-Version,"
                                   "X-OpenStack-Ironic-Inspector-API-Maximum-Version,"
                                   "X-OpenStack-Ironic-Inspector-API-Version");
  return options;
}

}  // namespace inspector
