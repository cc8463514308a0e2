#pragma once
#include "base/env.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// What a conductor does and when: [DEFAULT].
struct ConductorOptions {
  bool standalone = true;
  std::string host;  ///< names this instance in its group and, unless advertised otherwise, its URL

  std::optional<base::Env::Duration> timeout = std::chrono::seconds(3600);  ///< nullopt: never
  std::optional<base::Env::Duration> clean_up_period = std::chrono::seconds(60);  ///< nullopt: off
  base::Env::Duration introspection_delay = std::chrono::seconds(5);  ///< between two power-ons
  std::size_t max_concurrency = 1000;  ///< threads for background work

  /// [conductor]max_attempts: an operation that ended so many conductors is given up.
  int max_attempts = 3;
  /// [conductor]max_booting: nodes of the whole cluster that boot at once; 0: no limit.
  std::size_t max_booting = 0;
  /// [conductor]power_wait: how long a reboot that Ironic is still at is awaited after a takeover.
  base::Env::Duration power_wait = std::chrono::seconds(300);

  /// Fields of driver_info tried after ipmi_address for the address of the BMC.
  std::vector<std::string> ipmi_address_fields;
};

/// Reads and checks; throws base::ConfigError.
ConductorOptions read_conductor(const base::Ini& ini);

/// This machine's full name, as the resolver knows it: the default of [DEFAULT]host. May ask DNS.
std::string full_host_name();

}  // namespace inspector
