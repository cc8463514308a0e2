#include "inspector/api/testing/api_fixture.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

const std::string kVersion = "X-OpenStack-Ironic-Inspector-API-Version";
const std::string kRuleUuid = "7459bf7c-9ff9-43a8-ba9f-48542ecda66c";
const std::string kRule = R"({"uuid": "7459bf7c-9ff9-43a8-ba9f-48542ecda66c", "description": "d",
  "conditions": [{"op": "eq", "field": "memory_mb", "value": 1024}],
  "actions": [{"action": "set-attribute", "path": "/extra/foo", "value": "bar"}]})";
const std::string kFull =
    R"({"actions":[{"action":"set-attribute","path":"/extra/foo","value":"bar"}],)"
    R"("conditions":[{"field":"memory_mb","invert":false,"multiple":"any","op":"eq","value":1024}],)"
    R"("description":"d","links":[{"href":"/v1/rules/7459bf7c-9ff9-43a8-ba9f-48542ecda66c",)"
    R"("rel":"self"}],"scope":null,"uuid":"7459bf7c-9ff9-43a8-ba9f-48542ecda66c"})"
    "\n";

class RulesApi : public api_test::ApiFixture {};

TEST_F(RulesApi, ARuleIsMadeShownListedAndDeleted) {
  const http::Response created = send("POST", "/v1/rules", kRule);
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body, kFull);
  EXPECT_EQ(send("GET", "/v1/rules/" + kRuleUuid + "/").body, kFull);
  EXPECT_EQ(send("GET", "/v1/rules").body,
            R"({"rules":[{"description":"d","links":[{"href":"/v1/rules/)" + kRuleUuid +
                R"(","rel":"self"}],"scope":null,"uuid":")" + kRuleUuid + "\"}]}\n");
  const http::Response deleted = send("DELETE", "/v1/rules/" + kRuleUuid);
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(http::find_header(deleted.headers, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(refusal("GET", "/v1/rules/" + kRuleUuid), "404 Rule " + kRuleUuid + " was not found");
  EXPECT_EQ(refusal("DELETE", "/v1/rules/" + kRuleUuid),
            "404 Rule " + kRuleUuid + " was not found");
}

TEST_F(RulesApi, BeforeVersion1_6ARuleIsMadeWith200) {
  EXPECT_EQ(send("POST", "/v1/rules", kRule, {{kVersion, "1.5"}}).status, 200);
  EXPECT_EQ(refusal("POST", "/v1/rules", kRule, {{kVersion, "1.6"}}),
            "409 Rule with UUID " + kRuleUuid + " already exists");
}

TEST_F(RulesApi, AllRulesAreDeletedAtOnce) {
  EXPECT_EQ(send("DELETE", "/v1/rules").status, 204);
  send("POST", "/v1/rules", kRule);
  EXPECT_EQ(send("DELETE", "/v1/rules").status, 204);
  EXPECT_EQ(send("GET", "/v1/rules").body, "{\"rules\":[]}\n");
}

TEST_F(RulesApi, ARuleAsDeepAsIsTakenIsShown) {
  const std::string deep = std::string(55, '[') + std::string(55, ']');
  const http::Response created =
      send("POST", "/v1/rules",
           R"({"actions": [{"action": "set-attribute", "path": "a", "value": )" + deep + "}]}");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(send("GET", "/v1/rules").status, 200);
  json::parse_options options;
  options.max_depth = 100;
  json::error_code error;
  const std::string link(
      json::parse(created.body, error, {}, options).at("links").at(0).at("href").as_string());
  EXPECT_EQ(send("GET", link).body, created.body);
}

TEST_F(RulesApi, LinksHaveTheForwardedPrefixOnly) {
  const http::Response created =
      send("POST", "/v1/rules", kRule,
           {{"X-Forwarded-Prefix", "/bmi"}, {"X-Forwarded-Host", "foo.example"}});
  EXPECT_EQ(json::parse(created.body).at("links").at(0).at("href").as_string(),
            "/bmi/v1/rules/" + kRuleUuid);
}

TEST_F(RulesApi, BadInputIsABadRequest) {
  EXPECT_EQ(refusal("POST", "/v1/rules", "[]"),
            "400 Invalid data: expected a JSON object, got list");
  EXPECT_EQ(refusal("POST", "/v1/rules", "").substr(0, 3), "400");
  EXPECT_EQ(refusal("POST", "/v1/rules", "{}"),
            "400 Validation failed for actions: [] is too short");
  EXPECT_EQ(refusal("POST", "/v1/rules", R"({"uuid": "x"})"), "400 Invalid UUID value");
  EXPECT_EQ(refusal("PUT", "/v1/rules", "{}").substr(0, 3), "405");
}

TEST_F(RulesApi, TheUuidIsKeptAsGiven) {
  const std::string upper = R"({"uuid": "7459BF7C-9FF9-43A8-BA9F-48542ECDA66C",
    "actions": [{"action": "example"}]})";
  EXPECT_EQ(json::parse(send("POST", "/v1/rules", upper).body).at("uuid").as_string(),
            "7459BF7C-9FF9-43A8-BA9F-48542ECDA66C");
  EXPECT_EQ(send("GET", "/v1/rules/" + kRuleUuid).status, 404);
}

TEST_F(RulesApi, CharactersBeyondAsciiAreEscaped) {
  const std::string body =
      send("POST", "/v1/rules", R"({"description": "é😀", "actions": [{"action": "example"}]})")
          .body;
  EXPECT_NE(body.find(R"("description":"\u00e9\ud83d\ude00")"), std::string::npos) << body;
}

TEST_F(RulesApi, HeadAnswersWhereGetDoes) {
  EXPECT_EQ(send("HEAD", "/v1/rules").status, 200);
  EXPECT_EQ(send("HEAD", "/v1/rules/" + kRuleUuid).status, 404);
}

}  // namespace
}  // namespace inspector
