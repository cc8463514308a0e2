#include "inspector/config/policy.h"

#include "base/ini.h"
#include "inspector/config/files.h"
#include "inspector/config/named_file.h"
#include "inspector/config/renamed.h"

namespace inspector {
namespace {

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::vector<std::string> dirs_of(const base::Ini& ini) {
  for (const std::string_view section : {"oslo_policy", "DEFAULT"})
    if (std::vector<std::string> dirs = ini.multi(section, "policy_dirs"); !dirs.empty())
      return dirs;
  return {"policy.d"};
}

RemotePolicyOptions read_remote(const base::Ini& ini) {
  constexpr std::string_view kSection = "oslo_policy";
  constexpr std::string_view kForm = "application/x-www-form-urlencoded",
                             kJson = "application/json";
  constexpr std::string_view kAccepted[] = {kForm, kJson};
  RemotePolicyOptions options;
  options.as_json = ini.choice(kSection, "remote_content_type", kForm, kAccepted) == kJson;
  options.verify = ini.boolean(kSection, "remote_ssl_verify_server_crt", false);
  options.ca_file = named_file(ini, kSection, "remote_ssl_ca_crt_file");
  options.cert_file = named_file(ini, kSection, "remote_ssl_client_crt_file");
  options.key_file = named_file(ini, kSection, "remote_ssl_client_key_file");
  constexpr double kMostSeconds = 3600;
  const double timeout = ini.real(kSection, "remote_timeout", 60);
  if (!(timeout >= 0 && timeout <= kMostSeconds))
    throw ini.error(kSection, "remote_timeout", "accepted: 0 to 3600 seconds");
  options.timeout =
      std::chrono::duration_cast<base::Env::Duration>(std::chrono::duration<double>(timeout));
  return options;
}

}  // namespace

PolicyOptions read_policy(const base::Ini& ini, const CommandLine& line, const SearchPaths& paths) {
  PolicyOptions options;
  const std::string named =
      renamed_text(ini, {{"oslo_policy", "policy_file"}, {"DEFAULT", "policy_file"}}, "");
  options.files = places_of(named.empty() ? "policy.yaml" : named, line, paths);
  if (named.empty()) append(options.files, places_of("policy.json", line, paths));
  for (const std::string& dir : dirs_of(ini))
    append(options.dirs, places_of(dir, line, paths));
  options.enforce_new_defaults = ini.boolean("oslo_policy", "enforce_new_defaults", true);
  ini.boolean("oslo_policy", "enforce_scope", true);  // no rule has scopes
  options.default_rule = renamed_text(
      ini, {{"oslo_policy", "policy_default_rule"}, {"DEFAULT", "policy_default_rule"}}, "default");
  options.remote = read_remote(ini);
  return options;
}

}  // namespace inspector
