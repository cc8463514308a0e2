#include "inspector/api/api.h"

#include "inspector/api/testing/api_fixture.h"

namespace inspector::api_test {
namespace {

using ApiTest = ApiFixture;
namespace json = boost::json;

const std::string kStatus = "/v1/introspection/" + std::string(kUuid);

std::string header(const http::Response& response, std::string_view name) {
  return std::string(http::find_header(response.headers, name).value_or("none"));
}

TEST_F(ApiTest, TheRootListsTheVersion) {
  const http::Response response = send("GET", "/");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body,
            "{\"versions\":[{\"id\":\"1.18\",\"links\":[{\"href\":\"http://127.0.0.1:5050/v1\","
            "\"rel\":\"self\"}],\"status\":\"CURRENT\"}]}\n");
  EXPECT_EQ(header(response, "content-type"), "application/json");
}

TEST_F(ApiTest, AVersionListsItsResources) {
  const http::Response response =
      send("GET", "/v1/", "", {{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Prefix", "/bmi"}});
  EXPECT_EQ(response.body,
            "{\"resources\":[{\"links\":[{\"href\":\"https://127.0.0.1:5050/bmi/v1/continue\","
            "\"rel\":\"self\"}],\"name\":\"continue\"},{\"links\":[{\"href\":"
            "\"https://127.0.0.1:5050/bmi/v1/introspection\",\"rel\":\"self\"}],\"name\":"
            "\"introspection\"},{\"links\":[{\"href\":"
            "\"https://127.0.0.1:5050/bmi/v1/rules\",\"rel\":\"self\"}],\"name\":\"rules\"}]}\n");
  EXPECT_EQ(send("GET", "//v1").body, send("GET", "/v1").body);
  EXPECT_EQ(refusal("GET", "/v2"), "404 Version v2 not found.");
  EXPECT_EQ(refusal("GET", "/v."), "404 Version v. not found.");
  EXPECT_EQ(refusal("GET", "/("), "404 Version ( not found.");
}

TEST_F(ApiTest, EveryAnswerCarriesTheVersionsItSpeaks) {
  for (const char* target : {"/", "/v1/nothing/here", "/v1/continue"}) {
    const http::Response response = send("GET", target);
    EXPECT_EQ(header(response, "X-OpenStack-Ironic-Inspector-API-Minimum-Version"), "1.0");
    EXPECT_EQ(header(response, "X-OpenStack-Ironic-Inspector-API-Maximum-Version"), "1.18");
  }
}

TEST_F(ApiTest, TheVersionIsCheckedBeforeTheRoute) {
  const http::Headers asks = {{"X-OpenStack-Ironic-Inspector-API-Version", "1.19"}};
  EXPECT_EQ(refusal("GET", "/v1/nothing/here", "", asks),
            "406 Unsupported API version 1.19, supported range is 1.0 to 1.18");
  EXPECT_EQ(refusal("GET", "/", "", {{"X-OpenStack-Ironic-Inspector-API-Version", "x"}}),
            "400 Malformed API version: expected string in form of X.Y or latest");
}

TEST_F(ApiTest, UnknownUrlsAndWrongMethodsAreSaidInJson) {
  for (const char* target : {"/v1/nothing", "/v1/rules/a/b", "/v1/introspection//abort",
                             "/v1/introspection/a/b", "/a/b", "/v1/continue/x"})
    EXPECT_EQ(refusal("GET", target), "404 " + std::string(kUnknownUrl)) << target;

  const http::Response response = send("PUT", kStatus);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(response.body,
            "{\"error\":{\"message\":\"405 Method Not Allowed: The method is not allowed for the "
            "requested URL.\"}}\n");
  EXPECT_EQ(send("POST", "/v1/introspection/").status, 405);
  EXPECT_EQ(send("FROBNICATE", "/").status, 405);
  EXPECT_EQ(header(send("POST", "/static/x"), "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(send("DELETE", "/static/x/y").status, 405);
  EXPECT_EQ(send("OPTIONS", "/static/x").status, 200);
  EXPECT_EQ(refusal("GET", "/static/x"), "404 " + std::string(kUnknownUrl));
  EXPECT_EQ(send("POST", "/statics/x").status, 404);
  EXPECT_TRUE(conductor_.calls.empty());
}

TEST_F(ApiTest, HeadWorksWhereGetDoesAndOptionsEverywhere) {
  add_node(kUuid);
  for (const std::string& target : {std::string("/"), std::string("/v1"), kStatus}) {
    EXPECT_EQ(send("HEAD", target).status, 200);
    EXPECT_EQ(send("HEAD", target).body, send("GET", target).body);  // the server leaves it away
  }
  EXPECT_EQ(send("HEAD", "/v1/continue").status, 405);
  const http::Response options = send("OPTIONS", "/v1/continue");
  EXPECT_EQ(options.status, 200);
  EXPECT_EQ(options.body, "");
  EXPECT_EQ(header(options, "Allow"), "POST, OPTIONS");
}

TEST_F(ApiTest, OptionsIsNeverRefused) {
  for (const char* target : {"/v1/nothing", "/v1/rules/a/b", "/v1/introspection//abort"}) {
    const http::Response response = send("OPTIONS", target);
    EXPECT_EQ(response.status, 200) << target;
    EXPECT_EQ(response.body, "") << target;
    EXPECT_TRUE(response.headers.empty()) << target;
  }
  const http::Headers unknown = {{"X-OpenStack-Ironic-Inspector-API-Version", "1.99"}};
  EXPECT_EQ(send("OPTIONS", "/v1", "", unknown).status, 200);
}

TEST_F(ApiTest, AReportGoesToAConductorWhateverItsContentType) {
  const http::Response response =
      send("POST", "/v1/continue", "{\"inventory\": {}}", {{"Content-Type", "text/plain"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"uuid\":\"" + std::string(kUuid) + "\"}\n");
  EXPECT_EQ(conductor_.calls, (std::vector<std::string>{"process {\"inventory\":{}}"}));
}

TEST_F(ApiTest, AConductorHasTwentySeconds) {
  const auto before = env_.now();
  send("POST", kStatus);
  const auto after = env_.now();
  EXPECT_GE(*conductor_.deadline, before + std::chrono::seconds(20));
  EXPECT_LE(*conductor_.deadline, after + std::chrono::seconds(20));
}

TEST_F(ApiTest, StartTakesUuidOrNameAndLeavesTheBodyAlone) {
  const http::Response response = send("POST", kStatus, "{\"uuid\":");
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, "{}\n");
  EXPECT_EQ(send("POST", "/v1/introspection/my-node?manage_boot=False").status, 202);
  EXPECT_EQ(send("POST", "/v1/introspection/B2990409B91E4BE997FAD7E0CF9C8DEF/").status, 202);
  EXPECT_EQ(conductor_.calls, (std::vector<std::string>{
                                  "introspect " + std::string(kUuid) + " managed",
                                  "introspect my-node unmanaged",
                                  "introspect " + std::string(kUuid) + " managed",
                              }));
  EXPECT_EQ(ironic_.asked, 0);
}

TEST_F(ApiTest, ManagedBootIsRefusedWhereItCannotBe) {
  ApiOptions options;
  options.can_manage_boot = false;
  set_options(options);
  EXPECT_EQ(refusal("POST", kStatus),
            "400 Managed boot is requested, but this installation cannot manage boot "
            "((can_manage_boot set to False)");
  EXPECT_EQ(send("POST", kStatus + "?manage_boot=0").status, 202);
  EXPECT_EQ(refusal("POST", kStatus + "?manage_boot=maybe"),
            "400 Invalid boolean value for manage_boot: maybe");
}

TEST_F(ApiTest, WhatAConductorRefusesReachesTheClient) {
  const std::pair<Errc, std::string> kCases[] = {
      {Errc::kBadRequest, "400"}, {Errc::kNotFound, "404"},    {Errc::kConflict, "409"},
      {Errc::kProcessing, "500"}, {Errc::kUnavailable, "503"},
  };
  for (const auto& [code, status] : kCases) {
    conductor_.refusal = Error(code, "No, \"because\"\xff");
    for (const auto& [method, target, body] :
         {std::tuple("POST", std::string("/v1/continue"), "{}"), std::tuple("POST", kStatus, ""),
          std::tuple("POST", kStatus + "/abort", ""),
          std::tuple("POST", kStatus + "/data/unprocessed", "")})
      EXPECT_EQ(refusal(method, target, body), status + " No, \"because\"\xEF\xBF\xBD");
    EXPECT_EQ(header(send("POST", kStatus), "Retry-After"), status == "503" ? "5" : "none");
  }
}

TEST_F(ApiTest, WhatNobodyForesawIsToldOnlyWithDebug) {
  conductor_.breaks = true;
  EXPECT_EQ(refusal("POST", kStatus), "500 Internal server error");
  ApiOptions options;
  options.debug = true;
  set_options(options);
  EXPECT_EQ(refusal("POST", kStatus),
            "500 Internal server error (std::logic_error): something broke");
}

TEST_F(ApiTest, AbortTakesUuidOrName) {
  EXPECT_EQ(send("POST", "/v1/introspection/my-node/abort").status, 202);
  EXPECT_EQ(conductor_.calls, (std::vector<std::string>{"abort my-node"}));
}

TEST_F(ApiTest, StatusIsReadFromTheDatabase) {
  add_node(kUuid);
  const http::Response response = send("GET", kStatus);
  ASSERT_EQ(response.status, 200) << response.body;
  const json::object status = json::parse(response.body).as_object();
  std::string names;
  for (const auto& member : status)
    names += std::string(member.key()) + " ";
  EXPECT_EQ(names, "error finished finished_at links started_at state uuid ");
  EXPECT_TRUE(status.at("error").is_null());
  EXPECT_EQ(status.at("finished"), false);
  EXPECT_TRUE(status.at("finished_at").is_null());
  EXPECT_EQ(status.at("state"), "starting");
  EXPECT_EQ(status.at("uuid").as_string(), kUuid);
  const json::string& started = status.at("started_at").as_string();
  EXPECT_EQ(started.at(10), 'T');
  EXPECT_EQ(started.find('Z'), json::string::npos);
  EXPECT_EQ(status.at("links").at(0).at("href").as_string(), "http://127.0.0.1:5050" + kStatus);

  EXPECT_EQ(refusal("GET", "/v1/introspection/00000000-0000-0000-0000-000000000000"),
            "404 Could not find node 00000000-0000-0000-0000-000000000000 in cache");
  EXPECT_EQ(ironic_.asked, 0);
}

TEST_F(ApiTest, AFinishedNodeSaysWhenAndWhy) {
  add_node(kUuid);
  nodes_.finish(kUuid, Event::kError, "out of luck", tooz::Token{.origin = "test", .number = 99});
  const json::value status = json::parse(send("GET", kStatus).body);
  EXPECT_EQ(status.at("error"), "out of luck");
  EXPECT_EQ(status.at("finished"), true);
  EXPECT_TRUE(status.at("finished_at").is_string());
  EXPECT_EQ(status.at("state"), "error");
}

TEST_F(ApiTest, NamesAreLookedUpInIronic) {
  add_node(kUuid);
  ironic_.uuids["my-node"] = kUuid;
  EXPECT_EQ(send("GET", "/v1/introspection/my-node").body, send("GET", kStatus).body);
  EXPECT_EQ(refusal("GET", "/v1/introspection/other"), "404 Node other was not found in Ironic");
  EXPECT_EQ(ironic_.asked, 2);

  ironic_.refusal = ironic::Error(400, "bad name");
  EXPECT_EQ(refusal("GET", "/v1/introspection/other"), "400 Cannot get node other: bad name");
  ironic_.refusal = ironic::Error(0, "no answer");
  EXPECT_EQ(refusal("GET", "/v1/introspection/other"), "503 Cannot get node other: no answer");
}

TEST_F(ApiTest, TheListHasPagesAndFilters) {
  const std::string uuids[] = {"00000000-0000-0000-0000-000000000001",
                               "00000000-0000-0000-0000-000000000002",
                               "00000000-0000-0000-0000-000000000003"};
  for (const std::string& uuid : uuids)
    add_node(uuid);
  const auto listed = [&](const std::string& query) {
    std::string found;
    const json::value answer = json::parse(send("GET", "/v1/introspection" + query).body);
    for (const json::value& node : answer.at("introspection").as_array())
      found += node.at("uuid").as_string().back();
    return found;
  };
  EXPECT_EQ(listed(""), "321");
  EXPECT_EQ(listed("?limit=2"), "32");
  EXPECT_EQ(listed("?marker=" + uuids[2]), "21");
  EXPECT_EQ(listed("?marker=" + uuids[2] + "&limit=1"), "2");
  EXPECT_EQ(listed("?state=waiting,error"), "");
  EXPECT_EQ(listed("?state=starting&unknown=1"), "321");
  EXPECT_EQ(refusal("GET", "/v1/introspection?marker=" + std::string(kUuid)),
            "404 Node not found for marker: " + std::string(kUuid));
  EXPECT_EQ(refusal("GET", "/v1/introspection?limit=1001"), "400 Bad request: Limit over 1000");
}

TEST_F(ApiTest, DataIsServedAsItIsStored) {
  data_.texts[{std::string(kUuid), true}] = "{\"b\": 1, \"a\": [1,  2]}";
  const http::Response response = send("GET", kStatus + "/data");
  EXPECT_EQ(response.body, "{\"b\": 1, \"a\": [1,  2]}");
  EXPECT_EQ(header(response, "Content-Type"), "application/json");
  EXPECT_EQ(
      refusal("GET", kStatus + "/data/unprocessed"),
      "404 Introspection data not found for node " + std::string(kUuid) + ", processed=False");
  ironic_.uuids["my-node"] = kUuid;
  EXPECT_EQ(send("GET", "/v1/introspection/my-node/data").body, response.body);
  data_.on = false;
  EXPECT_EQ(refusal("GET", kStatus + "/data"),
            "404 Inspector is not configured to store data. Set the [processing]store_data "
            "configuration option to change this.");
}

TEST_F(ApiTest, ReapplyTakesStoredDataOrABody) {
  const std::string target = kStatus + "/data/unprocessed";
  EXPECT_EQ(send("POST", target).status, 202);
  EXPECT_EQ(send("POST", target, "{}").status, 202);
  EXPECT_EQ(send("POST", target, "{\"a\": 1}").status, 202);
  ironic_.uuids["my-node"] = kUuid;
  EXPECT_EQ(send("POST", "/v1/introspection/my-node/data/unprocessed").body, "{}\n");
  const std::string call = "reapply " + std::string(kUuid);
  EXPECT_EQ(conductor_.calls, (std::vector<std::string>{call + " stored", call + " stored",
                                                        call + " {\"a\":1}", call + " stored"}));
  EXPECT_EQ(refusal("POST", target, "nope"), "400 Invalid data: expected a JSON object, got None");
  EXPECT_EQ(refusal("POST", target, "[]"), "400 Invalid data: expected a JSON object, got list");
}

TEST_F(ApiTest, ReportsAreToldFromTheRest) {
  EXPECT_TRUE(Api::is_report({.method = "POST", .target = "/v1/continue"}));
  EXPECT_TRUE(Api::is_report({.method = "POST", .target = "//v1/continue/?x"}));
  EXPECT_TRUE(Api::is_report({.method = "POST", .target = "/v1/%63ontinue"}));
  EXPECT_FALSE(Api::is_report({.method = "GET", .target = "/v1/continue"}));
  EXPECT_FALSE(Api::is_report({.method = "POST", .target = "/v1/continue%ff"}));
  EXPECT_FALSE(Api::is_report({.method = "POST", .target = "/v1/introspection/v1/continue"}));
}

}  // namespace
}  // namespace inspector::api_test
