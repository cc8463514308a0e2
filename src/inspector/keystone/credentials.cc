#include "inspector/keystone/credentials.h"

#include <algorithm>
#include <string>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

json::value member(const json::value* from, std::string_view name) {
  const json::object* object = from != nullptr ? from->if_object() : nullptr;
  const json::value* found = object != nullptr ? object->if_contains(name) : nullptr;
  return found != nullptr ? *found : json::value();
}

json::array role_names(const json::object& token) {
  json::array names;
  const json::value* roles = token.if_contains("roles");
  if (roles == nullptr) return names;
  for (const json::value& role : roles->as_array())
    names.push_back(role.at("name").as_string());
  return names;
}

std::string_view next_segment(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return segment;
}

/// `*` and `{name}` stand for one segment, `**` for any number.
bool path_fits(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    const std::string_view wanted = next_segment(pattern);
    if (wanted == "**") return true;
    if (path.empty()) return false;
    const std::string_view segment = next_segment(path);
    const bool any = wanted == "*" || (wanted.starts_with('{') && wanted.ends_with('}'));
    if (any ? segment.empty() : wanted != segment) return false;
  }
  return path.empty();
}

/// For the log; nothing is decided by them.
json::object names_of(const json::object& token) {
  const json::value* user = token.if_contains("user");
  const json::value* project = token.if_contains("project");
  const json::value user_domain = member(user, "domain");
  const json::value project_domain = member(project, "domain");
  return {{"user_name", member(user, "name")},
          {"project_name", member(project, "name")},
          {"domain_name", member(token.if_contains("domain"), "name")},
          {"user_domain_name", member(&user_domain, "name")},
          {"project_domain_name", member(&project_domain, "name")}};
}

}  // namespace

json::object credentials_of(const json::object& token) {
  const json::value& user = token.at("user");
  const json::value* project = token.if_contains("project");
  const json::value* domain = token.if_contains("domain");
  const json::value* system = token.if_contains("system");
  const json::value user_domain = member(&user, "domain");
  const json::value project_domain = member(project, "domain");
  const json::value* admin_project = token.if_contains("is_admin_project");
  const json::value all = member(system, "all");
  json::object credentials;
  credentials["roles"] = role_names(token);
  credentials["user_id"] = user.at("id");
  credentials["user_domain_id"] = member(&user_domain, "id");
  credentials["project_id"] = member(project, "id");
  credentials["project_domain_id"] = member(&project_domain, "id");
  credentials["domain_id"] = member(domain, "id");
  credentials["system_scope"] = all == true ? json::value("all") : json::value();
  credentials["is_admin_project"] =
      admin_project != nullptr && admin_project->is_bool() ? *admin_project : json::value(true);
  credentials["names"] = names_of(token);
  return credentials;
}

bool access_rules_allow(const json::object& token, std::string_view service_type,
                        std::string_view method, std::string_view path) {
  const json::value rules = member(token.if_contains("application_credential"), "access_rules");
  if (rules.is_null()) return true;
  if (!rules.is_array() || service_type.empty()) return false;
  path = path.substr(0, path.find('?'));
  const auto is = [](const json::value& value, std::string_view text) {
    return value.is_string() && value.get_string() == text;
  };
  return std::ranges::any_of(rules.get_array(), [&](const json::value& rule) {
    const json::value pattern = member(&rule, "path");
    return is(member(&rule, "service"), service_type) && is(member(&rule, "method"), method) &&
           pattern.is_string() && path_fits(pattern.get_string(), path);
  });
}

}  // namespace inspector::keystone
