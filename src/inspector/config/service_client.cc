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

int read_attempts(const base::Ini& ini, std::string_view section, std::string_view option,
                  int usual) {
  constexpr std::int64_t kMostRetries = 1000;
  return static_cast<int>(ini.integer(section, option, usual - 1, 0, kMostRetries)) + 1;
}

base::Env::Duration read_pause(const base::Ini& ini, std::string_view section,
                               std::string_view option, base::Env::Duration usual) {
  constexpr double kLongest = 3600;
  if (!ini.text(section, option)) return usual;
  const double pause = ini.real(section, option, 0);
  if (!(pause >= 0 && pause <= kLongest))
    throw ini.error(section, option, "accepted: 0 to 3600 seconds");
  return std::chrono::duration_cast<base::Env::Duration>(std::chrono::duration<double>(pause));
}

}  // namespace

std::optional<base::Env::Duration> Attempts::next(bool answered) {
  int& made = answered ? refused_ : unanswered_;
  if (++made >= (answered ? options_.attempts : options_.connect_attempts)) return std::nullopt;
  return answered ? options_.retry_pause : options_.connect_pause;
}

void read_patience(const base::Ini& ini, std::string_view section, ServiceOptions& options) {
  options.timeout = std::chrono::seconds(ini.integer(section, "timeout", 60, 1, 3600));
  options.attempts = read_attempts(ini, section, "status_code_retries", options.attempts);
  options.retry_pause = read_pause(ini, section, "status_code_retry_delay", options.retry_pause);
  options.connect_attempts =
      read_attempts(ini, section, "connect_retries", options.connect_attempts);
  options.connect_pause = read_pause(ini, section, "connect_retry_delay", options.connect_pause);
}

ServiceOptions read_service(const base::Ini& ini, const ServiceSection& section) {
  ServiceOptions options;
  read_auth(ini, section, options);
  check_endpoint(section, options);
  options.client = read_tls_client(ini, section.name);
  read_patience(ini, section.name, options);
  return options;
}

}  // namespace inspector
