#include "inspector/rules/rule_check.h"

#include "inspector/error.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

std::string refusal(const std::string& request) {
  try {
    checked_rule(json::parse(request).get_object());
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    return error.what();
  }
}

std::string with_condition(const std::string& condition) {
  return R"({"actions": [{"action": "example"}], "conditions": [)" + condition + "]}";
}

std::string with_action(const std::string& action) { return R"({"actions": [)" + action + "]}"; }

struct Case {
  std::string request, expected;
};

TEST(RuleCheck, RefusesWithUpstreamsTexts) {
  const std::string conditions = "Validation failed for conditions: ";
  const std::string actions = "Validation failed for actions: ";
  const Case cases[] = {
      {R"({"uuid": "x"})", "Invalid UUID value"},
      {R"({"uuid": 5})", "Invalid UUID value"},
      {R"({"scope": ")" + std::string(256, 'x') + "\"}",
       "Invalid scope: the length of the scope should be within 255 characters"},
      {R"({"scope": 5})", "Invalid scope: expected a string, got int"},
      {R"({"description": []})", "Invalid description: expected a string, got list"},
      {"{}", actions + "[] is too short"},
      {R"({"actions": {}})", actions + "{} is not of type 'array'"},
      {R"({"conditions": null})", conditions + "None is not of type 'array'"},
      {with_condition("5"), conditions + "5 is not of type 'object'"},
      {with_condition("{}"), conditions + "'op' is a required property"},
      {with_condition(R"({"op": "eq"})"), conditions + "'field' is a required property"},
      {with_condition(R"({"op": "nope", "field": "x"})"),
       conditions +
           "'nope' is not one of ['contains', 'eq', 'ge', 'gt', 'in-net', 'is-empty', 'le', 'lt', "
           "'matches', 'ne']"},
      {with_condition(R"({"op": "eq", "field": 5})"), conditions + "5 is not of type 'string'"},
      {with_condition(R"({"op": "eq", "field": "x", "invert": "yes"})"),
       conditions + "'yes' is not of type 'boolean'"},
      {with_condition(R"({"op": "eq", "field": "x", "multiple": "some"})"),
       conditions + "'some' is not one of ['all', 'any', 'first']"},
      {with_condition(R"({"op": "eq", "field": "http://x", "value": 1})"),
       "Unsupported scheme for field: http, valid values are node:// or data://"},
      {with_condition(R"({"op": "eq", "field": "x[", "value": 1})"),
       "Unable to parse field JSON path x[: 'NoneType' object has no attribute 'lineno'"},
      {with_condition(R"({"op": "eq", "field": "x"})"),
       "Invalid parameters for operator eq: missing required parameter(s): value"},
      {with_action(R"({"action": "nope"})"),
       actions + "'nope' is not one of ['add-trait', 'example', 'extend-attribute', 'fail', "
                 "'remove-trait', 'set-attribute', 'set-capability']"},
      {with_action("{}"), actions + "'action' is a required property"},
      {with_action(R"({"action": "fail"})"),
       "Invalid parameters for action fail: missing required parameter(s): message"},
      {with_action(R"({"action": "fail", "message": "m", "x": 1})"),
       "Invalid parameters for action fail: unexpected parameter(s): x"},
      {with_action(R"({"action": "set-attribute", "path": "/a"})"),
       "Invalid parameters for action set-attribute: missing required parameter(s): value"},
      {with_action(R"({"action": "extend-attribute"})"),
       "Invalid parameters for action extend-attribute: missing required parameter(s): path, "
       "value"},
      {with_action(R"({"action": "set-attribute", "path": "/a", "value": null})"), "accepted"},
      {with_action(R"({"action": "example", "what": "ever", "why": null})"),
       "Invalid parameters for action example: unexpected parameter(s): what"},
      {with_action(R"({"action": "set-attribute", "x": 1})"),
       "Invalid parameters for action set-attribute: missing required parameter(s): value"},
      {with_condition(R"({"op": "eq", "field": "node://x.y", "value": 1, "invert": true})"),
       "accepted"},
      {R"({"uuid": null, "actions": [{"action": "example"}], "unknown": 1})", "accepted"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(refusal(each.request), each.expected) << each.request.substr(0, 200);
}

TEST(RuleCheck, KeepsWhatItDoesNotKnowAsParameters) {
  const Rule rule = checked_rule(
      json::parse(
          with_condition(R"({"op": "is-empty", "field": "x", "value": null, "multiple": "all"})"))
          .get_object());
  ASSERT_EQ(rule.conditions.size(), 1U);
  EXPECT_EQ(rule.conditions[0].multiple, "all");
  EXPECT_FALSE(rule.conditions[0].invert);
  EXPECT_EQ(json::serialize(rule.conditions[0].params), R"({"value":null})");
}

}  // namespace
}  // namespace inspector
