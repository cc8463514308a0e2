// What operators' clients ask, and what they must be answered: openstacksdk itself, and the
// requests that `openstack baremetal introspection …` makes.
#include "tests/e2e/support/standalone_deployment.h"
#include "tests/paths/paths.h"

#include <unistd.h>

#include <boost/json.hpp>

#include <regex>

namespace e2e {
namespace {

constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kSdk = "/usr/lib/python3/dist-packages/openstack/connection.py";
const std::string kRule = "11111111-2222-4333-8444-555555555555";
const std::string kNobody = "99999999-0000-4000-8000-000000000000";

using Clients = StandaloneDeployment;

TEST_F(Clients, OpenstacksdkStartsWaitsReadsAndAborts) {
  if (access(kSdk, R_OK) != 0) GTEST_SKIP() << "openstacksdk is not installed";
  start();
  begin_machines({.count = 2});
  EXPECT_EQ(support::run({kPython, support::source_path("tests/e2e/ironic/sdk_calls.py"),
                          api().url(), node_uuid(0), node_uuid(1)}),
            "start\nwait\nget\nlist\ndata\nunprocessed data\nabort\naborted\nnot found\n");
}

/// As the command line asks: every request with version 1.0.
class CommandLineClient : public StandaloneDeployment {
 protected:
  void SetUp() override {
    start();
    begin_machines({.count = 2});
  }

  /// The answer's status and body, with times as `TIME` and our URL as `URL`.
  std::string asks(const std::string& method, const std::string& target,
                   const std::string& body = "") const {
    const Answer answer = api().ask(method, target, body,
                                    {{"X-OpenStack-Ironic-Inspector-API-Version", "1.0"},
                                     {"Accept", "application/json"},
                                     {"Content-Type", "application/json"}});
    static const std::regex kTime(R"("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")");
    std::string text = std::regex_replace(answer.body, kTime, "\"TIME\"");
    for (std::size_t at = 0; (at = text.find(api().url())) != std::string::npos;)
      text.replace(at, api().url().size(), "URL");
    while (text.ends_with('\n'))
      text.pop_back();
    return std::to_string(answer.status) + (text.empty() ? "" : " " + text);
  }

  static std::string status_of(const std::string& uuid, const std::string& state,
                               const std::string& error = "null", bool finished = true) {
    return std::string("{\"error\":") + error + ",\"finished\":" + (finished ? "true" : "false") +
           ",\"finished_at\":" + (finished ? "\"TIME\"" : "null") +
           ",\"links\":[{\"href\":\"URL/v1/introspection/" + uuid +
           "\",\"rel\":\"self\"}],\"started_at\":\"TIME\",\"state\":\"" + state + "\",\"uuid\":\"" +
           uuid + "\"}";
  }
};

TEST_F(CommandLineClient, RulesAreImportedShownAndDeleted) {
  const std::string rule = "/v1/rules/" + kRule;
  const std::string link = "\"links\":[{\"href\":\"" + rule + "\",\"rel\":\"self\"}]";
  const std::string full =
      R"({"actions":[{"action":"set-capability","name":"a","value":"b"}],)"
      R"("conditions":[{"field":"node://driver","invert":false,"multiple":"any","op":"eq",)"
      R"("value":"x"}],"description":"d",)" +
      link + R"(,"scope":null,"uuid":")" + kRule + "\"}";
  EXPECT_EQ(
      asks("POST", "/v1/rules",
           R"({"uuid":")" + kRule +
               R"(","description":"d","conditions":[{"op":"eq","field":"node://driver",)"
               R"("value":"x"}],"actions":[{"action":"set-capability","name":"a","value":"b"}]})"),
      "200 " + full);
  EXPECT_EQ(asks("GET", "/v1/rules"), "200 {\"rules\":[{\"description\":\"d\"," + link +
                                          ",\"scope\":null,\"uuid\":\"" + kRule + "\"}]}");
  EXPECT_EQ(asks("GET", rule), "200 " + full);
  EXPECT_EQ(asks("DELETE", rule), "204");
  EXPECT_EQ(asks("DELETE", rule),
            "404 {\"error\":{\"message\":\"Rule " + kRule + " was not found\"}}");
  EXPECT_EQ(asks("DELETE", "/v1/rules"), "204");
}

TEST_F(CommandLineClient, AnIntrospectionIsStartedReadSavedAndReprocessed) {
  const std::string node = "/v1/introspection/" + node_name(0);
  EXPECT_EQ(asks("POST", node), "202 {}");
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);
  EXPECT_EQ(asks("GET", node), "200 " + status_of(node_uuid(0), "finished"));
  EXPECT_EQ(asks("GET", "/v1/introspection/" + node_uuid(0)),
            "200 " + status_of(node_uuid(0), "finished"));
  EXPECT_EQ(asks("GET", "/v1/introspection"),
            "200 {\"introspection\":[" + status_of(node_uuid(0), "finished") + "]}");
  // `interface list` and `interface show` take what they print from the data.
  const Answer data = api().get(node + "/data");
  ASSERT_EQ(data.status, 200);
  const boost::json::object document = data.json().as_object();
  EXPECT_TRUE(document.contains("all_interfaces"));
  EXPECT_TRUE(document.at("inventory").at("interfaces").is_array());
  EXPECT_EQ(api().get(node + "/data/unprocessed").status, 200);
  EXPECT_EQ(asks("POST", node + "/data/unprocessed"), "202 {}");
  EXPECT_TRUE(api().becomes(0, "finished")) << api().states(1);
}

TEST_F(CommandLineClient, AnAbortedIntrospectionSaysSo) {
  const std::string node = "/v1/introspection/" + node_name(1);
  EXPECT_EQ(asks("POST", node + "?manage_boot=False"), "202 {}");
  EXPECT_EQ(asks("GET", node), "200 " + status_of(node_uuid(1), "waiting", "null", false));
  EXPECT_EQ(asks("POST", node + "/abort"), "202 {}");
  ASSERT_TRUE(api().becomes(1, "error")) << api().states(2);
  EXPECT_EQ(asks("GET", node),
            "200 " + status_of(node_uuid(1), "error", "\"Canceled by operator\""));
}

TEST_F(CommandLineClient, WhatIsNotThereIsNamed) {
  EXPECT_EQ(asks("POST", "/v1/introspection/nonexistent-node"),
            "404 {\"error\":{\"message\":\"Node nonexistent-node was not found in Ironic\"}}");
  EXPECT_EQ(asks("GET", "/v1/introspection/" + kNobody),
            "404 {\"error\":{\"message\":\"Could not find node " + kNobody + " in cache\"}}");
  EXPECT_EQ(asks("GET", "/v1/introspection/" + kNobody + "/data"),
            "404 {\"error\":{\"message\":\"Introspection data not found for node " + kNobody +
                ", processed=True\"}}");
}

}  // namespace
}  // namespace e2e
