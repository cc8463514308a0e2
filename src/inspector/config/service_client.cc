#include "inspector/config/service_client.h"

#include "base/ini.h"
#include "inspector/config/renamed.h"

#include <algorithm>

namespace inspector {
namespace {

/// `endpoint` belongs to the authentication when that does not ask for tokens.
void read_auth(const base::Ini& ini, const ServiceSection& section, ServiceOptions& options) {
  const std::string auth_section = ini.text(section.name, "auth_section", section.name);
  options.auth = read_service_auth(ini, section.name, "password");
  options.endpoint = read_endpoint_choice(ini, section.name, section.service_type);
  if (options.auth.asks_for_tokens()) return;
  options.endpoint.override_url = renamed_text(ini,
                                               {{section.name, "endpoint_override"},
                                                {auth_section, "endpoint_override"},
                                                {auth_section, "endpoint"}},
                                               "");
}

void check_endpoint(const ServiceSection& section, const ServiceOptions& options) {
  const std::string_view url = options.endpoint.override_url;
  const std::string name = "[" + std::string(section.name) + "]endpoint_override";
  if (url.empty() && options.auth.asks_for_tokens()) return;
  if (url.empty())
    throw base::ConfigError(name + " is not set; accepted: " + std::string(section.endpoint));
  const bool known = std::ranges::any_of(
      std::initializer_list<std::string_view>{"http://", "https://", "http+unix://"},
      [&](std::string_view scheme) {
        return url.starts_with(scheme) && url.size() > scheme.size();
      });
  const bool plain =
      std::ranges::none_of(url, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
  // A user and a password in the URL would show up in texts; they have options of their own.
  if (!known || !plain || url.find_first_of("@?#") != std::string_view::npos)
    throw base::ConfigError(
        name +
        ": accepted: http://, https:// or http+unix:// with host, port and path, without user, "
        "query or fragment");
}

void read_retries(const base::Ini& ini, std::string_view section, ServiceOptions& options) {
  // keystoneauth counts refusals and failed connections apart; here one budget serves both.
  constexpr std::int64_t kUnset = -1, kMostRetries = 1000;
  const auto retries =
      std::max(ini.integer(section, "status_code_retries", kUnset, 0, kMostRetries),
               ini.integer(section, "connect_retries", kUnset, 0, kMostRetries));
  if (retries != kUnset) options.attempts = static_cast<int>(retries) + 1;
  const double pause =
      ini.real(section, "status_code_retry_delay", ini.real(section, "connect_retry_delay", 1));
  const std::string name = "[" + std::string(section) + "]";
  if (!(pause >= 0 && pause <= 1))
    throw base::ConfigError(name + "status_code_retry_delay and " + name +
                            "connect_retry_delay: accepted: 0 to 1 seconds");
  options.retry_pause =
      std::chrono::duration_cast<base::Env::Duration>(std::chrono::duration<double>(pause));
}

}  // namespace

ServiceOptions read_service(const base::Ini& ini, const ServiceSection& section) {
  ServiceOptions options;
  read_auth(ini, section, options);
  check_endpoint(section, options);
  options.client = read_tls_client(ini, section.name);
  options.timeout = std::chrono::seconds(ini.integer(section.name, "timeout", 60, 1, 3600));
  read_retries(ini, section.name, options);
  return options;
}

}  // namespace inspector
