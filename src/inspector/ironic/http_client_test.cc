#include "inspector/ironic/testing/ironic_client.h"

namespace inspector::ironic {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using inspector::testing::ScriptedServer;
using testing::IronicClient;
using testing::kLocked;
using Lines = std::vector<std::string>;

std::optional<std::string_view> header(const http::Request& request, std::string_view name) {
  return http::find_header(request.headers, name);
}

TEST_F(IronicClient, MakesTheRequestsThatIronicKnows) {
  server_.then(200, R"({"uuid":"u1","name":"n1"})");
  EXPECT_EQ(client_->get_node("n1", call_).at("uuid"), "u1");
  server_.then(200, R"({"uuid":"u1"})");
  client_->get_node("u1", "uuid,provision_state", call_);
  server_.then(200, R"({"power":{"result":true}})");
  client_->validate_power("u1", call_);
  server_.then(200, R"({"ports":[{"uuid":"p1"}]})");
  EXPECT_EQ(client_->ports_of("u1", call_).size(), 1U);
  server_.then(200, R"({"ports":[]})");
  client_->ports_by_mac("52:54:00:00:00:01", call_);
  server_.then(200, R"({"nodes":[]})");
  client_->all_nodes("uuid,driver_info", call_);
  server_.then(200, R"({"ports":[]})");
  client_->all_ports("address,extra", call_);
  server_.then(204);
  client_->set_boot_device_pxe("u1", false, call_);
  server_.then(202);
  client_->set_power("u1", Power::kReboot, call_);
  server_.then(202);
  client_->set_power("u1", Power::kOff, call_);
  client_->patch_node("u1", {{{"op", "add"}, {"path", "/a"}, {"value", 1}}}, true, call_);
  client_->create_port({{"address", "52:54:00:00:00:01"}}, call_);
  client_->patch_port("p1", {{{"op", "add"}, {"path", "/a"}, {"value", 1}}}, call_);
  server_.then(204);
  client_->delete_port("p1", call_);
  server_.then(204);
  client_->add_trait("u1", "CUSTOM_X", call_);
  server_.then(204);
  client_->remove_trait("u1", "CUSTOM_X", call_);
  EXPECT_EQ(
      server_.lines(),
      (Lines{"GET /v1/nodes/n1", "GET /v1/nodes/u1?fields=uuid,provision_state",
             "GET /v1/nodes/u1/validate", "GET /v1/ports/detail?node=u1",
             "GET /v1/ports?address=52:54:00:00:00:01&fields=uuid,node_uuid",
             "GET /v1/nodes?fields=uuid,driver_info", "GET /v1/ports?fields=address,extra",
             R"(PUT /v1/nodes/u1/management/boot_device )"
             R"({"boot_device":"pxe","persistent":false})",
             R"(PUT /v1/nodes/u1/states/power {"target":"rebooting"})",
             R"(PUT /v1/nodes/u1/states/power {"target":"power off"})",
             R"(PATCH /v1/nodes/u1?reset_interfaces=True )"
             R"([{"op":"add","path":"/a","value":1}])",
             R"(POST /v1/ports {"address":"52:54:00:00:00:01"})",
             R"(PATCH /v1/ports/p1 [{"op":"add","path":"/a","value":1}])", "DELETE /v1/ports/p1",
             "PUT /v1/nodes/u1/traits/CUSTOM_X", "DELETE /v1/nodes/u1/traits/CUSTOM_X"}));
}

TEST_F(IronicClient, FindsTheVersionOnceAndSendsIt) {
  server_.become("1.82");
  server_.then(200, R"({"uuid":"u1"})");
  server_.then(200, R"({"uuid":"u1"})");
  client_->get_node("u1", call_);
  client_->get_node("u1", call_);
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].target, "/v1/");
  EXPECT_EQ(header(requests[1], "X-OpenStack-Ironic-API-Version"), "1.76");
  EXPECT_EQ(header(requests[1], "OpenStack-API-Version"), "baremetal 1.76");
  EXPECT_EQ(header(requests[1], "X-Auth-Token"), "notused");
  EXPECT_EQ(header(requests[1], "User-Agent"), "ironic-inspector");
  EXPECT_FALSE(header(requests[1], "Authorization"));
}

TEST_F(IronicClient, AnIronicThatWasReplacedIsAskedForItsVersionAgain) {
  server_.then(200, R"({"uuid":"u1"})");
  client_->get_node("u1", call_);
  server_.become("1.30");
  server_.then(406, R"({"error_message":"not acceptable"})");
  server_.then(200, R"({"uuid":"u1"})");
  client_->get_node("u1", call_);
  EXPECT_EQ(header(server_.requests().back(), "X-OpenStack-Ironic-API-Version"), "1.30");
  server_.then(406, R"({"error_message":"not acceptable"})");
  server_.then(406, R"({"error_message":"not acceptable"})");
  EXPECT_EQ(error([&] { client_->get_node("u1", call_); }),
            std::pair(406, std::string("GET /v1/nodes/u1: 406: not acceptable (2 attempts)")));
}

TEST_F(IronicClient, AnIronicThatIsTooOldIsNamed) {
  server_.become("1.18");
  const auto [status, text] = error([&] { client_->get_node("u1", call_); });
  EXPECT_EQ(status, 406);
  EXPECT_EQ(text, "GET /v1/: Ironic at " + server_.url() +
                      " speaks API versions 1.1 to 1.18; needed is one from 1.19 to 1.76");
  server_.become("nonsense");
  EXPECT_EQ(error([&] { client_->get_node("u1", call_); }).second,
            "GET /v1/: malformed answer: " + server_.url() +
                " does not say which API versions it speaks");
}

TEST_F(IronicClient, CredentialsGoIntoTheHeaderAndNowhereElse) {
  options_.auth.type = ServiceAuth::Type::kHttpBasic;
  options_.auth.username = "Aladdin";
  options_.auth.password = "open sesame";
  options_.endpoint.override_url = server_.url() + "/v1/";
  make();
  server_.then(401, R"({"error":{"message":"Authentication required"}})");
  EXPECT_EQ(error([&] { client_->get_node("u1", call_); }),
            std::pair(401, std::string("GET /v1/nodes/u1: 401: Authentication required")));
  for (const auto& request : server_.requests()) {
    EXPECT_EQ(header(request, "Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_FALSE(header(request, "X-Auth-Token"));
  }
}

TEST_F(IronicClient, RefusalsThatPassAreRepeatedPatchesToo) {
  server_.then(409, std::string(kLocked));
  server_.then(503, "");
  server_.then(200, R"({"uuid":"u1"})");
  client_->patch_node("u1", {{{"op", "remove"}, {"path", "/a"}}}, false, call_);
  EXPECT_EQ(server_.lines().size(), 3U);
  EXPECT_EQ(env_.pauses, (std::vector{1000ms, 1000ms}));
}

TEST_F(IronicClient, TheBudgetOfAttemptsEnds) {
  for (int i = 0; i < 5; ++i)
    server_.then(409, std::string(kLocked));
  EXPECT_EQ(error([&] { client_->set_power("u1", Power::kReboot, call_); }),
            std::pair(409, std::string("PUT /v1/nodes/u1/states/power: 409: Node u1 is locked by "
                                       "host h (5 attempts)")));
  EXPECT_EQ(server_.lines().size(), 5U);
  EXPECT_EQ(env_.pauses.size(), 4U);
}

TEST_F(IronicClient, RetryAfterIsHonouredUpToASecond) {
  server_.then(503, "", {{"Retry-After", "0"}});
  server_.then(503, "", {{"Retry-After", "3600"}});
  server_.then(503, "", {{"Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"}});
  server_.then(200, R"({"uuid":"u1"})");
  options_.retry_pause = 250ms;
  make();
  client_->get_node("u1", call_);
  EXPECT_EQ(env_.pauses, (std::vector{0ms, 1000ms, 250ms}));
}

TEST_F(IronicClient, OtherRefusalsAreErrorsAtOnce) {
  for (const int status : {400, 403, 404, 500, 502}) {
    server_.then(status, R"({"error_message":{"faultstring":"because"}})");
    EXPECT_EQ(error([&] { client_->get_node("u1", call_); }),
              std::pair(status, "GET /v1/nodes/u1: " + std::to_string(status) + ": because"));
  }
  server_.then(302, "", {{"Location", "http://elsewhere.example/"}});
  EXPECT_EQ(error([&] { client_->get_node("u1", call_); }).first, 302);
  EXPECT_TRUE(env_.pauses.empty());
}

TEST_F(IronicClient, APortThatExistsIsNotAskedForAgain) {
  server_.then(409, R"({"error_message":"A port with MAC address 52:54 already exists."})");
  EXPECT_EQ(error([&] { client_->create_port({}, call_); }).first, 409);
  EXPECT_EQ(server_.lines().size(), 1U);
}

TEST_F(IronicClient, ALostAnswerIsAskedForAgainOnlyWhereThatIsHarmless) {
  const json::array set{{{"op", "add"}, {"path", "/a"}, {"value", 1}}};
  const json::array removal{{{"op", "remove"}, {"path", "/a"}}};
  const struct {
    std::function<void()> act;
    std::size_t requests;
  } kCases[] = {
      {[&] { client_->patch_node("u1", set, false, call_); }, 2},
      {[&] { client_->set_power("u1", Power::kOff, call_); }, 2},
      {[&] { client_->set_boot_device_pxe("u1", true, call_); }, 2},
      {[&] { client_->create_port({}, call_); }, 2},
      {[&] { client_->delete_port("p1", call_); }, 2},
      {[&] { client_->set_power("u1", Power::kReboot, call_); }, 2},
      {[&] { client_->patch_node("u1", removal, false, call_); }, 1},
  };
  server_.then(200, R"({"nodes":[]})");
  client_->all_nodes("uuid", call_);
  for (const auto& c : kCases) {
    const auto before = server_.lines().size();
    server_.then(0);
    const auto [status, text] = error(c.act);
    EXPECT_EQ(server_.lines().size() - before, c.requests) << server_.lines().back();
    EXPECT_EQ(status, c.requests == 2 ? -1 : 0) << text;
  }
}

TEST_F(IronicClient, ARequestThatFindsNobodyHasRetriesOfItsOwn) {
  options_.connect_attempts = 2;
  options_.connect_pause = 3s;
  server_.then(503);
  server_.then(503);
  server_.then(200, R"({"uuid":"u1"})");
  make();
  client_->get_node("u1", call_);
  EXPECT_EQ(env_.pauses, (std::vector{1000ms, 1000ms}));
  {
    const ScriptedServer gone;
    options_.endpoint.override_url = gone.url();
  }
  make();
  const auto [status, text] = error([&] { client_->get_node("u1", call_); });
  EXPECT_TRUE(text.ends_with("(2 attempts)")) << text;
  EXPECT_EQ(env_.pauses.back(), 3s);
}

TEST_F(IronicClient, AServerThatIsNotThereIsNamed) {
  {
    const ScriptedServer gone;
    options_.endpoint.override_url = gone.url();
  }
  make();
  const auto [status, text] = error([&] { client_->get_node("u1", call_); });
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(text.starts_with("GET /v1/: no answer from Ironic: GET " +
                               options_.endpoint.override_url + "/v1/: "))
      << text;
  EXPECT_TRUE(text.ends_with("(5 attempts)")) << text;
  EXPECT_EQ(env_.pauses.size(), 4U);
}

TEST_F(IronicClient, ListsFollowTheirNextLinks) {
  server_.then(200, R"({"nodes":[{"uuid":"a"},{"uuid":"b"}],)"
                    R"("next":"http://inside.example/v1/nodes?fields=uuid&marker=b"})");
  server_.then(200, R"({"nodes":[{"uuid":"c"}]})");
  const auto nodes = client_->all_nodes("uuid", call_);
  ASSERT_EQ(nodes.size(), 3U);
  EXPECT_EQ(nodes[2].at("uuid"), "c");
  EXPECT_EQ(server_.lines(),
            (Lines{"GET /v1/nodes?fields=uuid", "GET /v1/nodes?fields=uuid&marker=b"}));
}

TEST_F(IronicClient, MalformedAnswersAreErrorsWithAText) {
  const struct {
    std::string body;
    std::function<void()> act;
    std::string text;
  } kCases[] = {
      {"nonsense", [&] { client_->get_node("u1", call_); },
       "GET /v1/nodes/u1: malformed answer: not JSON, 8 bytes"},
      {"", [&] { client_->get_node("u1", call_); },
       "GET /v1/nodes/u1: malformed answer: expected an object"},
      {"[]", [&] { client_->get_node("u1", call_); },
       "GET /v1/nodes/u1: malformed answer: expected an object"},
      {"{}", [&] { client_->get_node("u1", call_); },
       "GET /v1/nodes/u1: malformed answer: expected a node with a `uuid`"},
      {R"({"uuid":5})", [&] { client_->get_node("u1", call_); },
       "GET /v1/nodes/u1: malformed answer: expected a node with a `uuid`"},
      {"[]", [&] { client_->patch_node("u1", {}, false, call_); },
       "PATCH /v1/nodes/u1: malformed answer: expected an object"},
      {"{}", [&] { client_->ports_of("u1", call_); },
       "GET /v1/ports/detail: malformed answer: expected a list `ports`"},
      {R"({"ports":[5]})", [&] { client_->ports_of("u1", call_); },
       "GET /v1/ports/detail: malformed answer: expected objects in `ports`"},
      {R"({"ports":[],"next":5})", [&] { client_->ports_of("u1", call_); },
       "GET /v1/ports/detail: malformed answer: expected the link of another page as `next`"},
      {R"({"ports":[],"next":"/v1/ports/detail?node=u1"})", [&] { client_->ports_of("u1", call_); },
       "GET /v1/ports/detail: malformed answer: expected the link of another page as `next`"},
      {R"({"power":5})", [&] { client_->validate_power("u1", call_); },
       "GET /v1/nodes/u1/validate: malformed answer: expected an object as `power`"},
      {std::string(100, '['), [&] { client_->get_node("u1", call_); },
       "GET /v1/nodes/u1: malformed answer: not JSON, 100 bytes"},
  };
  for (const auto& c : kCases) {
    server_.then(200, c.body);
    EXPECT_EQ(error(c.act), std::pair(200, c.text)) << c.body;
  }
}

TEST_F(IronicClient, PowerThatIsNotValidIsRefused) {
  const auto validate = [&](std::string body) {
    server_.then(200, std::move(body));
    return error([&] { client_->validate_power("u1", call_); }).second;
  };
  const std::string text = "Validation failed for required interfaces of node u1: power ";
  EXPECT_EQ(validate(R"({"power":{"result":false,"reason":"no address"}})"), text + "(no address)");
  EXPECT_EQ(validate(R"({"power":{"result":null}})"), text + "(None)");
  EXPECT_EQ(validate(R"({"power":{"result":true}})"), "no error");
  EXPECT_EQ(validate(R"({"deploy":{"result":false}})"), "no error");
}

TEST_F(IronicClient, NamesOfNodesCannotReachOtherPaths) {
  for (const char* id : {"", ".", ".."})
    EXPECT_EQ(error([&] { client_->get_node(id, call_); }).first, 404) << id;
  EXPECT_TRUE(server_.requests().empty());
  server_.then(404, R"({"error_message":"none"})");
  EXPECT_EQ(error([&] { client_->get_node("a/../b?c", call_); }).first, 404);
  EXPECT_EQ(server_.lines(), Lines{"GET /v1/nodes/a%2F..%2Fb%3Fc"});
}

TEST_F(IronicClient, WhatIsGoneNeedNotBeRemoved) {
  server_.then(404, R"({"error_message":"no such port"})");
  EXPECT_EQ(error([&] { client_->delete_port("p1", call_); }).second, "no error");
  server_.then(403, R"({"error_message":"no"})");
  EXPECT_EQ(error([&] { client_->remove_trait("u1", "T", call_); }).first, 403);
}

}  // namespace
}  // namespace inspector::ironic
