#include "inspector/policy/check.h"

#include "inspector/policy/defaults.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

bool passes(std::string_view check, std::string_view credentials = "{}",
            const PolicyRules& rules = {}) {
  return PolicyCheck::parse(check).passes(json::parse(credentials).get_object(), rules);
}

constexpr std::string_view kAdmin =
    R"({"roles": ["Admin", "member"], "user_id": "u1", "system_scope": "all", "is_public_api": true,
        "nested": {"list": [{"id": "a"}, {"id": "b"}]}, "none": null})";

TEST(PolicyCheck, SimpleChecks) {
  EXPECT_TRUE(passes("@"));
  EXPECT_TRUE(passes(""));
  EXPECT_FALSE(passes("!"));
  EXPECT_TRUE(passes("role:admin", kAdmin));
  EXPECT_FALSE(passes("role:adm", kAdmin));
  EXPECT_FALSE(passes("role:admin"));
  EXPECT_TRUE(passes("user_id:u1", kAdmin));
  EXPECT_FALSE(passes("user_id:u2", kAdmin));
  EXPECT_TRUE(passes("is_public_api:True", kAdmin));
  EXPECT_TRUE(passes("nested.list.id:b", kAdmin));
  EXPECT_FALSE(passes("nested.list.id:c", kAdmin));
  EXPECT_TRUE(passes("none:None", kAdmin));
  EXPECT_TRUE(passes("'x':x"));
  EXPECT_TRUE(passes("True:True"));
  EXPECT_FALSE(passes("user_id:%(user_id)s", kAdmin));
}

TEST(PolicyCheck, AndBindsMoreThanOr) {
  EXPECT_TRUE(passes("@ or ! and !"));
  EXPECT_FALSE(passes("(@ or !) and !"));
  EXPECT_TRUE(passes("not !"));
  EXPECT_FALSE(passes("not (! or @)"));
  EXPECT_TRUE(passes("NOT role:x AND ((@))"));
  EXPECT_TRUE(passes("(role:reader and system_scope:all) or (role:admin)", kAdmin));
}

TEST(PolicyCheck, RulesLeadToOthersButNotInCircles) {
  PolicyRules rules;
  rules.emplace("a", PolicyCheck::parse("rule:b or !"));
  rules.emplace("b", PolicyCheck::parse("role:admin"));
  rules.emplace("circle", PolicyCheck::parse("rule:circle"));
  EXPECT_TRUE(passes("rule:a", kAdmin, rules));
  EXPECT_FALSE(passes("rule:a", "{}", rules));
  EXPECT_FALSE(passes("rule:gone", kAdmin, rules));
  EXPECT_FALSE(passes("rule:circle", kAdmin, rules));
}

// Each way through the circles once would be without end.
TEST(PolicyCheck, RulesThatLeadToEachOtherInManyWaysAreAnswered) {
  PolicyRules rules;
  rules.emplace("a", PolicyCheck::parse("rule:a or rule:b or rule:a or rule:b"));
  rules.emplace("b", PolicyCheck::parse("rule:a or rule:b or role:admin"));
  EXPECT_FALSE(passes("rule:a", "{}", rules));
  EXPECT_TRUE(passes("rule:a", kAdmin, rules));
}

TEST(PolicyCheck, WhatIsNoneIsRefused) {
  for (const char* text :
       {"role", "and", "role:a or", "(role:a", "role:a)", "not", "role:a role:b", "()"})
    EXPECT_THROW(PolicyCheck::parse(text), std::invalid_argument) << text;
  EXPECT_THROW(PolicyCheck::parse(std::string(1000, '(') + "@" + std::string(1000, ')')),
               std::invalid_argument);
}

TEST(PolicyDefaults, OldRolesPassOnlyWhenAskedFor) {
  const json::object observer = json::parse(R"({"roles": ["baremetal_observer"]})").get_object();
  const auto allows = [&](bool enforce_new, std::string_view rule) {
    const PolicyRules rules = default_policy(enforce_new);
    return rules.find(rule)->second.passes(observer, rules);
  };
  EXPECT_FALSE(allows(true, "introspection:status"));
  EXPECT_TRUE(allows(false, "introspection:status"));
  EXPECT_FALSE(allows(false, "introspection:data"));
}

}  // namespace
}  // namespace inspector
