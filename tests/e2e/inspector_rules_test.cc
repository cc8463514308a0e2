// Rules made through the API, applied to what machines report.
#include "tests/e2e/support/standalone_deployment.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

namespace json = boost::json;

class RulesOfAService : public StandaloneDeployment {
 protected:
  void add(const std::string& rule) const {
    const Answer answer = api().ask("POST", "/v1/rules", rule);
    ASSERT_EQ(answer.status, 201) << answer.text();
  }
  bool ends_as(int node, std::string_view state) const {
    return api().start(node).status == 202 && api().becomes(node, state);
  }
};

TEST_F(RulesOfAService, ChangeTheNodeInIronicOrFailTheIntrospection) {
  start();
  begin_machines({.count = 2});
  add(R"({"conditions": [{"field": "cpus", "op": "ge", "value": 1}], "actions": [
          {"action": "set-attribute", "path": "/extra/rack", "value": "r-{data[cpus]:03d}"},
          {"action": "set-capability", "name": "inspected", "value": "yes"},
          {"action": "add-trait", "name": "CUSTOM_SEEN"}]})");
  ASSERT_TRUE(ends_as(0, "finished")) << api().error(0);
  const json::value node = ironic_node(0);
  EXPECT_TRUE(node.at("extra").at("rack").as_string().starts_with("r-0"));
  EXPECT_NE(node.at("properties").at("capabilities").as_string().find("inspected:yes"),
            std::string::npos);
  EXPECT_EQ(node.at("traits"), json::array{"CUSTOM_SEEN"});

  add(R"({"conditions": [{"field": "node://extra.rack", "op": "is-empty"}],
          "actions": [{"action": "fail", "message": "no rack"}]})");
  ASSERT_TRUE(ends_as(1, "error"));
  EXPECT_EQ(api().error(1), "no rack");
  EXPECT_EQ(api().get(Api::of_node(1) + "/data").status, 200);  // what the rule was given
}

// Each run may grow what the last one left; a report may ask for any width.
TEST_F(RulesOfAService, ThatGrowTextsEndWithAnErrorAndTheServiceGoesOn) {
  start();
  begin_machines({.count = 1});
  const std::string wide = R"({"action": "extend-attribute", "path": "/extra/grown",
                               "value": "{data[cpus]:400000}"})";
  add(R"({"actions": [)" + wide + "," + wide + "]}");
  ASSERT_TRUE(ends_as(0, "finished")) << api().error(0);
  ASSERT_TRUE(ends_as(0, "error"));
  EXPECT_TRUE(api().error(0).starts_with("Introspection rules were given up on this report"));
  EXPECT_EQ(api().ask("DELETE", "/v1/rules").status, 204);
  add(R"({"conditions": [{"field": "$..*..*..*..*..*", "op": "is-empty", "multiple": "all"}],
          "actions": [{"action": "fail", "message": "all are empty"}]})");
  add(R"({"conditions": [{"field": "$..*", "op": "matches", "value": "(.+)+(.+)+z$"}],
          "actions": [{"action": "example"}]})");
  ASSERT_TRUE(ends_as(0, "error"));
  EXPECT_TRUE(api().error(0).starts_with("Introspection rules were given up on this report"));
  EXPECT_EQ(api().ask("DELETE", "/v1/rules").status, 204);
  EXPECT_TRUE(ends_as(0, "finished"));
}

}  // namespace
}  // namespace e2e
