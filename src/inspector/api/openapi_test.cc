#include "inspector/api/routes.h"
#include "inspector/api/testing/api_fixture.h"
#include "inspector/api/testing/json_schema.h"

#include <boost/json.hpp>

#include <set>

namespace inspector::api_test {
namespace {

namespace json = boost::json;

const std::string kNode = "/v1/introspection/" + std::string(kUuid);
const std::string kRuleUuid = "7459bf7c-9ff9-43a8-ba9f-48542ecda66c";
const std::string kRule = R"({"uuid": "7459bf7c-9ff9-43a8-ba9f-48542ecda66c",
  "conditions": [{"op": "is-empty", "field": "x"}], "actions": [{"action": "example"}]})";

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Sends real requests, and holds each answer against what the description says of its route.
class OpenApiTest : public ApiFixture {
 protected:
  OpenApiTest() : document_(json::parse(send("GET", "/openapi.json").body)) {}

  void expect(const std::string& method, const std::string& path, const std::string& target,
              int status, const std::string& body = "") {
    SCOPED_TRACE(method + " " + target);
    const http::Response answer = send(method, target, body);
    EXPECT_EQ(answer.status, status) << answer.body;
    seen_.insert(method + " " + path);
    const json::object& responses =
        document_.at("paths").at(path).at(lower(method)).at("responses").as_object();
    const json::value* response = responses.if_contains(std::to_string(answer.status));
    ASSERT_NE(response, nullptr) << "status " << answer.status << " is not described";
    if (const json::value* ref = response->as_object().if_contains("$ref"))
      response = &document_.at_pointer(std::string(ref->as_string()).substr(1));
    const json::value* content = response->as_object().if_contains("content");
    EXPECT_EQ(content == nullptr, answer.body.empty());
    if (content == nullptr) return;
    EXPECT_EQ(http::find_header(answer.headers, "Content-Type"), "application/json");
    EXPECT_EQ(violation(json::parse(answer.body), content->at("application/json").at("schema"),
                        document_),
              "");
  }

  json::value document_;
  std::set<std::string> seen_;
};

TEST_F(OpenApiTest, AnswersOfEveryRouteAreAsDescribed) {
  const std::string node = "/v1/introspection/{node}";
  const std::string unprocessed = node + "/data/unprocessed";
  add_node(kUuid);
  data_.texts[{std::string(kUuid), true}] = "{}";
  data_.texts[{std::string(kUuid), false}] = "{}";
  expect("GET", "/", "/", 200);
  expect("GET", "/openapi.json", "/openapi.json", 200);
  expect("GET", "/{version}", "/v1", 200);
  expect("GET", "/{version}", "/v2", 404);
  expect("POST", "/v1/continue", "/v1/continue", 200, "{}");
  expect("POST", "/v1/continue", "/v1/continue", 400, "[]");
  expect("GET", "/v1/introspection", "/v1/introspection?limit=1", 200);
  expect("GET", "/v1/introspection", "/v1/introspection?limit=x", 400);
  expect("GET", node, kNode, 200);
  expect("GET", node, "/v1/introspection/00000000-0000-4000-8000-000000000000", 404);
  expect("POST", node, kNode, 202);
  expect("POST", node, kNode + "?manage_boot=perhaps", 400);
  expect("POST", node + "/abort", kNode + "/abort", 202);
  expect("GET", node + "/data", kNode + "/data", 200);
  expect("GET", unprocessed, kNode + "/data/unprocessed", 200);
  expect("POST", unprocessed, kNode + "/data/unprocessed", 202);
  expect("POST", "/v1/rules", "/v1/rules", 201, kRule);
  expect("POST", "/v1/rules", "/v1/rules", 409, kRule);
  expect("GET", "/v1/rules", "/v1/rules", 200);
  expect("GET", "/v1/rules/{uuid}", "/v1/rules/" + kRuleUuid, 200);
  expect("DELETE", "/v1/rules/{uuid}", "/v1/rules/" + kRuleUuid, 204);
  expect("DELETE", "/v1/rules/{uuid}", "/v1/rules/" + kRuleUuid, 404);
  expect("DELETE", "/v1/rules", "/v1/rules", 204);
  for (const Route& route : routes())
    EXPECT_TRUE(seen_.contains(std::string(route.method) + " " + std::string(route.path)))
        << route.method << " " << route.path << " was not tried";
}

TEST_F(OpenApiTest, DescribesTheRoutesAndNoOthers) {
  std::set<std::string> described;
  for (const auto& [path, operations] : document_.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object())
      if (method != "parameters") described.insert(std::string(method) + " " + std::string(path));
  std::set<std::string> served;
  for (const Route& route : routes())
    served.insert(lower(route.method) + " " + std::string(route.path));
  EXPECT_EQ(described, served);
}

}  // namespace
}  // namespace inspector::api_test
