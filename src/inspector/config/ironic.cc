#include "inspector/config/ironic.h"

#include "base/ini.h"
#include "inspector/config/renamed.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr std::string_view kSection = "ironic";

/// `endpoint` belongs to the authentication when that does not ask Keystone.
void read_auth(const base::Ini& ini, IronicOptions& options) {
  const std::string section = ini.text(kSection, "auth_section", kSection);
  options.auth = read_service_auth(ini, kSection, "password");
  options.endpoint = read_endpoint_choice(ini, kSection, "baremetal");
  if (options.auth.asks_keystone()) return;
  options.endpoint.override_url = renamed_text(
      ini, {{kSection, "endpoint_override"}, {section, "endpoint_override"}, {section, "endpoint"}},
      "");
}

void check_endpoint(const IronicOptions& options) {
  const std::string_view url = options.endpoint.override_url;
  if (url.empty() && options.auth.asks_keystone()) return;
  if (url.empty())
    throw base::ConfigError(
        "[ironic]endpoint_override is not set; accepted: Ironic's URL, as http://192.0.2.1:6385");
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
        "[ironic]endpoint_override: accepted: http://, https:// or http+unix:// with host, port "
        "and "
        "path, without user, query or fragment");
}

}  // namespace

IronicOptions read_ironic(const base::Ini& ini) {
  IronicOptions options;
  read_auth(ini, options);
  check_endpoint(options);
  options.client = read_tls_client(ini, kSection);

  options.timeout = std::chrono::seconds(ini.integer(kSection, "timeout", 60, 1, 3600));
  // keystoneauth counts refusals and failed connections apart; here one budget serves both.
  constexpr std::int64_t kUnset = -1, kMostRetries = 1000;
  const auto retries =
      std::max(ini.integer(kSection, "status_code_retries", kUnset, 0, kMostRetries),
               ini.integer(kSection, "connect_retries", kUnset, 0, kMostRetries));
  if (retries != kUnset) options.attempts = static_cast<int>(retries) + 1;
  const double pause =
      ini.real(kSection, "status_code_retry_delay", ini.real(kSection, "connect_retry_delay", 1));
  if (!(pause >= 0 && pause <= 1))
    throw base::ConfigError(
        "[ironic]status_code_retry_delay and [ironic]connect_retry_delay: accepted: 0 to 1 "
        "seconds");
  options.retry_pause =
      std::chrono::duration_cast<base::Env::Duration>(std::chrono::duration<double>(pause));
  return options;
}

}  // namespace inspector
