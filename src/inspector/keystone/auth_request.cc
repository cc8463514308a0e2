#include "inspector/keystone/auth_request.h"

namespace inspector::keystone {
namespace {

namespace json = boost::json;

/// `{"id": …}` or `{"name": …}`, whichever is known.
json::object named(const std::string& id, const std::string& name) {
  json::object object;
  if (!id.empty())
    object["id"] = id;
  else
    object["name"] = name;
  return object;
}

/// The same in a domain: an id needs none.
json::object in_domain(json::object object, const std::string& domain_id,
                       const std::string& domain_name) {
  const bool known = !domain_id.empty() || !domain_name.empty();
  if (!object.contains("id") && known) object["domain"] = named(domain_id, domain_name);
  return object;
}

json::object user(const ServiceAuth& auth) {
  return in_domain(named(auth.user_id, auth.username), auth.user_domain_id, auth.user_domain_name);
}

json::object identity(const ServiceAuth& auth) {
  using Type = ServiceAuth::Type;
  json::object identity;
  if (auth.type == Type::kToken) {
    identity["methods"] = json::array{"token"};
    identity["token"] = json::object{{"id", auth.token}};
  } else if (auth.type == Type::kApplicationCredential) {
    json::object credential = named(auth.credential_id, auth.credential_name);
    if (!credential.contains("id")) credential["user"] = user(auth);
    credential["secret"] = auth.credential_secret;
    identity["methods"] = json::array{"application_credential"};
    identity["application_credential"] = std::move(credential);
  } else {
    json::object who = user(auth);
    who["password"] = auth.password;
    identity["methods"] = json::array{"password"};
    identity["password"] = json::object{{"user", std::move(who)}};
  }
  return identity;
}

/// Empty: none, or the one that belongs to an application credential.
json::object scope(const ServiceAuth& auth) {
  json::object scope;
  if (auth.type == ServiceAuth::Type::kApplicationCredential) return scope;
  if (!auth.trust_id.empty())
    scope["OS-TRUST:trust"] = json::object{{"id", auth.trust_id}};
  else if (auth.system_scope == "all")
    scope["system"] = json::object{{"all", true}};
  else if (!auth.project_id.empty() || !auth.project_name.empty())
    scope["project"] = in_domain(named(auth.project_id, auth.project_name), auth.project_domain_id,
                                 auth.project_domain_name);
  else if (!auth.domain_id.empty() || !auth.domain_name.empty())
    scope["domain"] = named(auth.domain_id, auth.domain_name);
  return scope;
}

}  // namespace

json::object auth_request(const ServiceAuth& auth) {
  json::object request{{"identity", identity(auth)}};
  if (json::object wanted = scope(auth); !wanted.empty()) request["scope"] = std::move(wanted);
  return {{"auth", std::move(request)}};
}

std::string v3_url(std::string_view url) {
  while (url.ends_with('/'))
    url.remove_suffix(1);
  std::string out(url);
  if (!url.ends_with("/v3")) out += "/v3";
  return out;
}

}  // namespace inspector::keystone
