#include "inspector/config/conductor.h"

#include "base/ini.h"

#include <netdb.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace inspector {
namespace {

constexpr std::int64_t kTenYears = 315576000;  // seconds; upstream's limit of `timeout`

std::optional<base::Env::Duration> unless_off(std::int64_t seconds) {
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

/// The name becomes part of a member's id, of keys in the backend and perhaps of a URL.
void check_host(const base::Ini& ini, const std::string& host) {
  const bool plain = std::all_of(host.begin(), host.end(),
                                 [](unsigned char c) { return c > ' ' && c < 0x7f && c != '/'; });
  if (!host.empty() && plain && host.size() <= 200) return;
  constexpr auto kWhy = "accepted: up to 200 printable ASCII characters without blanks and '/'";
  if (ini.text("DEFAULT", "host")) throw ini.error("DEFAULT", "host", kWhy);
  throw base::ConfigError("[DEFAULT]host is not set, and this machine's own name '" + host +
                          "' cannot be used; " + kWhy);
}

}  // namespace

std::string full_host_name() {
  std::array<char, 256> buffer{};
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return "localhost";
  std::string name = buffer.data();
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) == 0) {
    if (found->ai_canonname) name = found->ai_canonname;
    freeaddrinfo(found);
  }
  return name;
}

ConductorOptions read_conductor(const base::Ini& ini) {
  ConductorOptions options;
  options.standalone = ini.boolean("DEFAULT", "standalone", true);
  const std::optional<std::string> host = ini.text("DEFAULT", "host");
  options.host = host ? *host : full_host_name();
  check_host(ini, options.host);

  options.timeout = unless_off(ini.integer("DEFAULT", "timeout", 3600, -kTenYears, kTenYears));
  options.clean_up_period = unless_off(ini.integer("DEFAULT", "clean_up_period", 60, 0, kTenYears));
  options.introspection_delay = std::chrono::seconds(std::max<std::int64_t>(
      0, ini.integer("DEFAULT", "introspection_delay", 5, -kTenYears, kTenYears)));
  options.max_concurrency =
      static_cast<std::size_t>(ini.integer("DEFAULT", "max_concurrency", 1000, 2, 100000));
  options.ipmi_address_fields =
      ini.list("DEFAULT", "ipmi_address_fields",
               "redfish_address,ilo_address,drac_host,drac_address,ibmc_address");

  options.max_attempts = static_cast<int>(ini.integer("conductor", "max_attempts", 3, 1, 1000));
  options.max_booting =
      static_cast<std::size_t>(ini.integer("conductor", "max_booting", 0, 0, 1000000));
  options.power_wait =
      std::chrono::seconds(ini.integer("conductor", "power_wait", 300, 1, 24L * 3600));
  return options;
}

}  // namespace inspector
