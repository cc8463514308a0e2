#pragma once
#include <boost/json.hpp>

namespace inspector::keystone {

/// What a policy is asked with, from the `token` of Keystone's answer: roles, ids of user, project
/// and domains, system_scope, is_admin_project; and `names`, an object that is for the log only:
/// user_name, project_name, … Throws std::exception for what is no such object.
boost::json::object credentials_of(const boost::json::object& token);

/// Whether an application credential's access rules, if the token has any, allow the request to a
/// service of this type; with an empty type they allow nothing.
bool access_rules_allow(const boost::json::object& token, std::string_view service_type,
                        std::string_view method, std::string_view path);

}  // namespace inspector::keystone
