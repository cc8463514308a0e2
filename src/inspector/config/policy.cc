#include "inspector/config/policy.h"

#include "base/ini.h"
#include "inspector/config/files.h"
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
  return options;
}

}  // namespace inspector
