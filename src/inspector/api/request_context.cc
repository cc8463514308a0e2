#include "inspector/api/request_context.h"

#include "inspector/uuid.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

namespace inspector {
namespace {

constexpr std::string_view kPrefix = "req-";
constexpr std::size_t kUuid = 36;

bool is_request_id(std::string_view text) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kUuid) return false;
  text.remove_prefix(kPrefix.size());
  return canonical_uuid(text) == std::string(text);
}

}  // namespace

std::shared_ptr<base::LogContext> request_context(base::Env& env, const http::Request& request) {
  auto context = std::make_shared<base::LogContext>();
  context->set("request_id", std::string(kPrefix) + random_uuid(env));
  const auto given = http::find_header(request.headers, "X-OpenStack-Request-ID");
  if (given && is_request_id(*given)) context->set("global_request_id", *given);
  return context;
}

void name_user(base::LogContext& context, const std::string& user) {
  context.set("user", user);
  context.set("user_name", user);
}

void name_user(base::LogContext& context, const boost::json::object& credentials) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames = {
      {{"user_id", "user"},
       {"project_id", "project"},
       {"project_id", "project_id"},
       {"domain_id", "domain"},
       {"system_scope", "system_scope"},
       {"user_domain_id", "user_domain"},
       {"project_domain_id", "project_domain"}}};
  for (const auto& [from, name] : kNames) {
    const boost::json::value* value = credentials.if_contains(from);
    if (value != nullptr && value->is_string()) context.set(name, value->get_string());
  }
  const boost::json::value* names = credentials.if_contains("names");
  if (names == nullptr || !names->is_object()) return;
  for (const auto& [name, value] : names->get_object())
    if (value.is_string()) context.set(name, value.get_string());
}

}  // namespace inspector
