#include "inspector/config/mdns.h"

#include "base/ini.h"

namespace inspector {
namespace {

constexpr std::string_view kSection = "mdns", kCatalog = "service_catalog";

std::string without_quotes(std::string value) {
  const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                      value.front() == value.back();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

MdnsOptions read_mdns(const base::Ini& ini) {
  MdnsOptions options;
  options.enabled = ini.boolean("DEFAULT", "enable_mdns", false);
  options.publication.attempts =
      static_cast<int>(ini.integer(kSection, "registration_attempts", 5, 1, 20));
  options.publication.interfaces = ini.list(kSection, "interfaces", "");
  ini.integer(kSection, "lookup_attempts", 3, 1, 1000);  // nothing is looked up here
  for (auto& [name, value] : ini.dict(kSection, "params", ""))
    options.params.emplace_back(name, without_quotes(value));
  options.api.endpoint = read_endpoint_choice(ini, kCatalog, "baremetal-introspection");
  options.api.client = read_tls_client(ini, kCatalog);
  read_patience(ini, kCatalog, options.api);
  if (!options.enabled || !options.api.endpoint.override_url.empty()) return options;
  options.api.auth = read_service_auth(ini, kCatalog, "none");
  if (!options.api.auth.asks_keystone())
    throw base::ConfigError(
        "[service_catalog]endpoint_override is not set; [DEFAULT]enable_mdns needs it: the URL of "
        "the API as ramdisks reach it; or auth_type and what belongs to it, to find it in "
        "Keystone's catalogue");
  return options;
}

}  // namespace inspector
