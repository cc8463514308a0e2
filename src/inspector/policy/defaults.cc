#include "inspector/policy/defaults.h"

#include <string>

namespace inspector {
namespace {

constexpr std::string_view kReader =
    "(role:reader and system_scope:all) or (role:admin) or (role:service)";
constexpr std::string_view kAdmin =
    "(role:admin and system_scope:all) or (role:admin) or (role:service)";
constexpr std::string_view kOldReader = "rule:is_admin or rule:is_observer";
constexpr std::string_view kOldAdmin = "rule:is_admin";

struct Default {
  std::string_view name;
  std::string_view check;
  std::string_view deprecated;  ///< of old releases; empty: the same
};

constexpr Default kDefaults[] = {
    {"is_admin", "role:admin or role:administrator or role:baremetal_admin", ""},
    {"is_observer", "role:baremetal_observer", ""},
    {"public_api", "is_public_api:True", ""},
    {"default", "!", ""},
    {"introspection", "rule:public_api", ""},
    {"introspection:version", "rule:public_api", ""},
    {"introspection:continue", "rule:public_api", ""},
    {"introspection:status", kReader, kOldReader},
    {"introspection:start", kAdmin, kOldAdmin},
    {"introspection:abort", kAdmin, kOldAdmin},
    {"introspection:data", kAdmin, kOldAdmin},
    {"introspection:reapply", kAdmin, kOldAdmin},
    {"introspection:rule:get", kAdmin, kOldAdmin},
    {"introspection:rule:delete", kAdmin, kOldAdmin},
    {"introspection:rule:create", kAdmin, kOldAdmin},
};

}  // namespace

PolicyRules default_policy(bool enforce_new_defaults) {
  PolicyRules rules;
  for (const Default& rule : kDefaults) {
    PolicyCheck check = PolicyCheck::parse(rule.check);
    if (!enforce_new_defaults && !rule.deprecated.empty())
      check = PolicyCheck::any_of({std::move(check), PolicyCheck::parse(rule.deprecated)});
    rules.emplace(rule.name, std::move(check));
  }
  return rules;
}

}  // namespace inspector
