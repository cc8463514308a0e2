#include "inspector/config/ironic.h"

#include "base/ini.h"
#include "inspector/config/renamed.h"

#include <algorithm>

namespace inspector {
namespace {

using Auth = IronicOptions::Auth;

constexpr std::string_view kSection = "ironic";

// keystoneauth's `auth_section` names where the options of the authentication stand instead.
void read_auth(const base::Ini& ini, IronicOptions& options) {
  const std::string section = ini.text(kSection, "auth_section", kSection);
  const std::string type =
      renamed_text(ini, {{section, "auth_type"}, {section, "auth_plugin"}}, "");
  const std::string why = "not available in this version; accepted: none, http_basic";
  if (type.empty())
    throw base::ConfigError("[" + section +
                            "]auth_type = password (the default, because it is not set): " + why);
  if (type != "none" && type != "http_basic") throw ini.error(section, "auth_type", why);
  options.auth = type == "none" ? Auth::kNone : Auth::kHttpBasic;
  options.endpoint_override = renamed_text(
      ini, {{kSection, "endpoint_override"}, {section, "endpoint_override"}, {section, "endpoint"}},
      "");
  if (options.auth == Auth::kNone) return;
  options.username = renamed_text(
      ini, {{section, "username"}, {section, "user_name"}, {section, "user-name"}}, "");
  options.password = ini.text(section, "password", "");
  if (options.username.empty() || options.username.find(':') != std::string::npos)
    throw base::ConfigError("[" + section + "]auth_type = http_basic needs [" + section +
                            "]username, a name without ':'");
}

void check_endpoint(const IronicOptions& options) {
  const std::string_view url = options.endpoint_override;
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
  options.cafile = ini.text(kSection, "cafile", "");
  options.certfile = ini.text(kSection, "certfile", "");
  options.keyfile = ini.text(kSection, "keyfile", "");
  options.insecure = ini.boolean(kSection, "insecure", false);
  if (options.certfile.empty() != options.keyfile.empty())
    throw base::ConfigError("[ironic]certfile and [ironic]keyfile: one needs the other");

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
