#include "inspector/config/keystone.h"

#include "base/ini.h"
#include "inspector/config/named_file.h"
#include "inspector/config/renamed.h"

#include <algorithm>

namespace inspector {
namespace {

using Type = ServiceAuth::Type;

struct TypeName {
  std::string_view name;
  Type type;
};
constexpr TypeName kTypes[] = {
    {"none", Type::kNone},
    {"noauth", Type::kNone},
    {"http_basic", Type::kHttpBasic},
    {"password", Type::kPassword},
    {"v3password", Type::kPassword},
    {"token", Type::kToken},
    {"v3token", Type::kToken},
    {"v3applicationcredential", Type::kApplicationCredential},
    {"v1password", Type::kV1Password},
    {"v2password", Type::kV2Password},
    {"v2token", Type::kV2Token},
};

Type type_of(const base::Ini& ini, const std::string& section, const std::string& name) {
  const auto* found = std::ranges::find(kTypes, name, &TypeName::name);
  if (found != std::end(kTypes)) return found->type;
  std::string accepted;
  for (const TypeName& each : kTypes)
    accepted += (accepted.empty() ? "" : ", ") + std::string(each.name);
  throw ini.error(section, "auth_type", "accepted: " + accepted);
}

[[noreturn]] void missing(const std::string& section, std::string_view type,
                          std::string_view option) {
  throw base::ConfigError("[" + section + "]auth_type = " + std::string(type) + " needs [" +
                          section + "]" + std::string(option));
}

void read_names(const base::Ini& ini, const std::string& section, ServiceAuth& auth) {
  const auto text = [&](std::string_view option) { return ini.text(section, option, ""); };
  const auto either = [&](std::string_view option, std::string_view fallback) {
    return renamed_text(ini, {{section, option}, {section, fallback}}, "");
  };
  auth.username = renamed_text(
      ini, {{section, "username"}, {section, "user_name"}, {section, "user-name"}}, "");
  auth.user_id = text("user_id");
  auth.password = text("password");
  auth.user_domain_name = either("user_domain_name", "default_domain_name");
  auth.user_domain_id = either("user_domain_id", "default_domain_id");
  auth.project_name = renamed_text(
      ini, {{section, "project_name"}, {section, "tenant_name"}, {section, "tenant-name"}}, "");
  auth.project_id = renamed_text(
      ini, {{section, "project_id"}, {section, "tenant_id"}, {section, "tenant-id"}}, "");
  auth.project_domain_name = either("project_domain_name", "default_domain_name");
  auth.project_domain_id = either("project_domain_id", "default_domain_id");
  auth.domain_name = text("domain_name");
  auth.domain_id = text("domain_id");
  auth.system_scope = text("system_scope");
  if (!auth.system_scope.empty() && auth.system_scope != "all")
    throw ini.error(section, "system_scope", "accepted: all");
  auth.trust_id = text("trust_id");
}

// Without its value: a user and a password in it would show up.
void check_url(const std::string& section, const std::string& url) {
  const bool known = url.starts_with("http://") || url.starts_with("https://");
  if (!known || url.find_first_of("@?# \t") != std::string::npos)
    throw base::ConfigError("[" + section +
                            "]auth_url: accepted: http:// or https:// with host, port and path, "
                            "without user, query or fragment");
}

void check_basic(const std::string& section, const ServiceAuth& auth) {
  if (auth.username.empty() || auth.username.find(':') != std::string::npos)
    throw base::ConfigError("[" + section + "]auth_type = http_basic needs [" + section +
                            "]username, a name without ':'");
}

void check_tokens(const std::string& section, std::string_view type, const ServiceAuth& auth) {
  if (auth.auth_url.empty()) missing(section, type, "auth_url");
  check_url(section, auth.auth_url);
  const bool v1 = auth.type == Type::kV1Password;
  const bool by_password = v1 || auth.type == Type::kPassword || auth.type == Type::kV2Password;
  const bool by_token = auth.type == Type::kToken || auth.type == Type::kV2Token;
  if (by_password && auth.username.empty() && (v1 || auth.user_id.empty()))
    missing(section, type, "username");
  if (by_password && auth.password.empty()) missing(section, type, "password");
  if (by_token && auth.token.empty()) missing(section, type, "token");
  if (auth.type != Type::kApplicationCredential) return;
  if (auth.credential_secret.empty()) missing(section, type, "application_credential_secret");
  if (auth.credential_id.empty() && auth.credential_name.empty())
    missing(section, type, "application_credential_id");
}

/// As keystoneauth takes them: a former form of the names ends in URL.
std::vector<std::string> read_interfaces(const base::Ini& ini, std::string_view section,
                                         std::string_view option, std::string_view usual) {
  constexpr std::string_view kKnown[] = {"public", "internal", "admin"};
  std::vector<std::string> interfaces = ini.list(section, option, usual);
  for (std::string& name : interfaces) {
    if (name.ends_with("URL")) name.resize(name.size() - 3);
    if (std::ranges::find(kKnown, name) == std::end(kKnown))
      throw ini.error(section, option, "accepted: public, internal, admin");
  }
  if (interfaces.empty()) throw ini.error(section, option, "accepted: public, internal, admin");
  return interfaces;
}

/// What has another form is a version that no Keystone of today speaks.
void check_auth_version(const base::Ini& ini, std::string_view section) {
  std::string version = ini.text(section, "auth_version", "v3");
  if (version.starts_with('v')) version.erase(0, 1);
  if (version != "3" && !version.starts_with("3."))
    throw ini.error(section, "auth_version", "accepted: v3");
}

base::Env::Duration seconds(std::int64_t number) { return std::chrono::seconds(number); }

}  // namespace

ServiceAuth read_service_auth(const base::Ini& ini, std::string_view asked,
                              std::string_view fallback) {
  const std::string section = ini.text(asked, "auth_section", asked);
  const std::string type =
      renamed_text(ini, {{section, "auth_type"}, {section, "auth_plugin"}}, fallback);
  ServiceAuth auth;
  auth.type = type_of(ini, section, type);
  if (auth.type == Type::kNone) return auth;
  read_names(ini, section, auth);
  auth.auth_url = ini.text(section, "auth_url", "");
  auth.token = ini.text(section, "token", "");
  auth.credential_id = ini.text(section, "application_credential_id", "");
  auth.credential_name = ini.text(section, "application_credential_name", "");
  auth.credential_secret = ini.text(section, "application_credential_secret", "");
  if (auth.asks_for_tokens())
    check_tokens(section, type, auth);
  else
    check_basic(section, auth);
  return auth;
}

EndpointChoice read_endpoint_choice(const base::Ini& ini, std::string_view section,
                                    std::string_view service_type) {
  EndpointChoice choice;
  choice.override_url = ini.text(section, "endpoint_override", "");
  choice.service_type = ini.text(section, "service_type", service_type);
  choice.service_name = ini.text(section, "service_name", "");
  choice.region_name = ini.text(section, "region_name", "");
  choice.interfaces = read_interfaces(ini, section, "valid_interfaces", "internal,public");
  return choice;
}

http::ClientOptions read_tls_client(const base::Ini& ini, std::string_view section) {
  http::ClientOptions client;
  client.ca_file = named_file(ini, section, "cafile");
  client.cert_file = named_file(ini, section, "certfile");
  client.key_file = named_file(ini, section, "keyfile");
  client.insecure = ini.boolean(section, "insecure", false);
  if (client.cert_file.empty() != client.key_file.empty()) {
    const std::string name = "[" + std::string(section) + "]";
    throw base::ConfigError(name + "certfile and " + name + "keyfile: one needs the other");
  }
  return client;
}

TokenOptions read_token_options(const base::Ini& ini) {
  constexpr std::string_view kSection = "keystone_authtoken";
  TokenOptions options;
  options.auth = read_service_auth(ini, kSection, "none");
  if (!options.auth.asks_keystone())
    throw base::ConfigError(
        "[DEFAULT]auth_strategy = keystone needs [keystone_authtoken]auth_type (password, "
        "v3applicationcredential, token) and what belongs to it");
  options.identity.service_type = "identity";
  options.identity.region_name = ini.text(kSection, "region_name", "");
  options.identity.interfaces = read_interfaces(ini, kSection, "interface", "internal");
  check_auth_version(ini, kSection);
  options.client = read_tls_client(ini, kSection);
  options.www_authenticate_uri = renamed_text(
      ini, {{kSection, "www_authenticate_uri"}, {kSection, "auth_uri"}}, options.auth.auth_url);
  options.cache_time =
      seconds(std::max<std::int64_t>(ini.integer(kSection, "token_cache_time", 300, -1, 86400), 0));
  options.timeout = seconds(ini.integer(kSection, "http_connect_timeout", 10, 1, 60));
  options.attempts =
      static_cast<int>(ini.integer(kSection, "http_request_max_retries", 3, 0, 20)) + 1;
  options.service_token_roles = ini.list(kSection, "service_token_roles", "service");
  options.service_token_roles_required =
      ini.boolean(kSection, "service_token_roles_required", false);
  options.service_type = ini.text(kSection, "service_type", "");
  options.shared = read_shared_token_options(ini);
  options.with_catalog = ini.boolean(kSection, "include_service_catalog", true);
  return options;
}

}  // namespace inspector
