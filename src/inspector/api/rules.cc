#include "inspector/rules/rule_store.h"

#include "inspector/api/api_version.h"
#include "inspector/api/call.h"
#include "inspector/api/handlers.h"
#include "inspector/api/json_body.h"
#include "inspector/api/json_response.h"
#include "inspector/api/links.h"
#include "inspector/error.h"
#include "inspector/rules/rule_check.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr int kOk = 200, kCreated = 201, kNoContent = 204;

/// Rules are linked by path alone, as upstream does.
json::object short_form(const Rule& rule, std::string_view prefix) {
  return {{"description", rule.description},
          {"links", self_link(prefix, "/v1/rules/" + rule.uuid)},
          {"scope", rule.scope},
          {"uuid", rule.uuid}};
}

json::object form_of(const RuleCondition& condition) {
  json::object form = condition.params;
  form["op"] = condition.op;
  form["field"] = condition.field;
  form["multiple"] = condition.multiple;
  form["invert"] = condition.invert;
  return form;
}

json::object form_of(const RuleAction& action) {
  json::object form = action.params;
  form["action"] = action.action;
  return form;
}

json::object full_form(const Rule& rule, std::string_view prefix) {
  json::array conditions;
  for (const RuleCondition& condition : rule.conditions)
    conditions.push_back(form_of(condition));
  json::array actions;
  for (const RuleAction& action : rule.actions)
    actions.push_back(form_of(action));
  json::object form = short_form(rule, prefix);
  form["conditions"] = std::move(conditions);
  form["actions"] = std::move(actions);
  return form;
}

Error not_found(const std::string& uuid) {
  return {Errc::kNotFound, "Rule " + uuid + " was not found"};
}

http::Response no_content() {
  http::Response response;
  response.status = kNoContent;
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  return response;
}

}  // namespace

http::Response list_rules(const ApiCall& call) {
  const std::string prefix = link_prefix(call.request);
  json::array rules;
  for (const Rule& rule : call.parts.rules.all())
    rules.push_back(short_form(rule, prefix));
  return json_response(kOk, {{"rules", std::move(rules)}});
}

http::Response create_rule(const ApiCall& call) {
  const std::string prefix = link_prefix(call.request);
  const Rule rule = call.parts.rules.add(checked_rule(parse_object(call.request.body)));
  const int status = call.version < kRuleCreatedVersion ? kOk : kCreated;
  return json_response(status, full_form(rule, prefix));
}

http::Response show_rule(const ApiCall& call) {
  const std::string& uuid = call.arguments.front();
  const std::optional<Rule> rule = call.parts.rules.get(uuid);
  if (!rule) throw not_found(uuid);
  return json_response(kOk, full_form(*rule, link_prefix(call.request)));
}

http::Response delete_rule(const ApiCall& call) {
  const std::string& uuid = call.arguments.front();
  if (!call.parts.rules.remove(uuid)) throw not_found(uuid);
  return no_content();
}

http::Response delete_rules(const ApiCall& call) {
  call.parts.rules.remove_all();
  return no_content();
}

}  // namespace inspector
