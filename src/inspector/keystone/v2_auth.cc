#include "inspector/keystone/v2_auth.h"

#include "inspector/keystone/error.h"
#include "sql/time.h"

#include <array>
#include <utility>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

constexpr int kOk = 200;

base::Env::WallTime time_of(const json::value& value) {
  std::string text(value.as_string());
  if (text.ends_with('Z')) text.pop_back();
  return sql::time_from_text(text);
}

base::Env::Duration lifetime(const json::object& token, base::Env::WallTime now) {
  const json::value* issued = token.if_contains("issued_at");
  return time_of(token.at("expires")) - (issued != nullptr ? time_of(*issued) : now);
}

/// v2 has an endpoint a region with a URL for each interface, v3 one for each of these.
json::array endpoints_of(const json::array& regions) {
  constexpr std::array<std::pair<const char*, const char*>, 3> kUrls{
      {{"public", "publicURL"}, {"internal", "internalURL"}, {"admin", "adminURL"}}};
  json::array endpoints;
  for (const json::value& region : regions)
    for (const auto& [interface, member] : kUrls) {
      const json::object* urls = region.if_object();
      const json::value* url = urls != nullptr ? urls->if_contains(member) : nullptr;
      if (url == nullptr) continue;
      json::object endpoint{{"interface", interface}, {"url", *url}};
      if (const json::value* name = urls->if_contains("region")) endpoint["region"] = *name;
      endpoints.push_back(std::move(endpoint));
    }
  return endpoints;
}

json::array catalog_of(const json::object& access) {
  json::array catalog;
  const json::value* services = access.if_contains("serviceCatalog");
  if (services == nullptr || !services->is_array()) return catalog;
  for (const json::value& entry : services->get_array()) {
    const json::object* service = entry.if_object();
    const json::value* regions = service != nullptr ? service->if_contains("endpoints") : nullptr;
    if (regions == nullptr || !regions->is_array()) continue;
    json::object known = *service;
    known["endpoints"] = endpoints_of(regions->get_array());
    catalog.push_back(std::move(known));
  }
  return catalog;
}

}  // namespace

http::Request v2_request(const ServiceAuth& auth) {
  json::object wanted;
  if (auth.type == ServiceAuth::Type::kV2Token) {
    wanted["token"] = json::object{{"id", auth.token}};
  } else {
    json::object who;
    who[auth.user_id.empty() ? "username" : "userId"] =
        auth.user_id.empty() ? auth.username : auth.user_id;
    who["password"] = auth.password;
    wanted["passwordCredentials"] = std::move(who);
  }
  if (!auth.project_id.empty())
    wanted["tenantId"] = auth.project_id;
  else if (!auth.project_name.empty())
    wanted["tenantName"] = auth.project_name;
  if (!auth.trust_id.empty()) wanted["trust_id"] = auth.trust_id;
  return {.method = "POST",
          .target = "/tokens",
          .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
          .body = json::serialize(json::object{{"auth", std::move(wanted)}})};
}

V2Grant v2_grant(const ServiceAuth& auth, const http::Response& response, base::Env::WallTime now) {
  if (response.status != kOk)
    throw Error(response.status, "Keystone at " + auth.auth_url + " gives no token: it answers " +
                                     std::to_string(response.status));
  try {
    const json::value body = json::parse(response.body);
    const json::object& access = body.at("access").as_object();
    const json::object& token = access.at("token").as_object();
    return {.token = std::string(token.at("id").as_string()),
            .lives = lifetime(token, now),
            .catalog = catalog_of(access)};
  } catch (const std::exception&) {
    throw Error(response.status, "Keystone at " + auth.auth_url + " answers what is no token");
  }
}

}  // namespace inspector::keystone
