#include "inspector/keystone/v2_auth.h"

#include "inspector/keystone/session.h"

#include <gtest/gtest.h>

namespace inspector::keystone {
namespace {

using Type = ServiceAuth::Type;

/// Answers as Keystone's Identity API v2.0 does by its specification.
class OldKeystone final : public http::Sender {
 public:
  http::Response send(std::string_view base_url, const http::Request& request, base::Env::TimePoint,
                      const std::stop_token&) override {
    asked = request.method + " " + std::string(base_url) + " " + request.target;
    body = request.body;
    return {.status = status, .body = answer};
  }

  std::string asked, body;
  int status = 200;
  std::string answer =
      R"({"access": {"token": {"id": "t1", "issued_at": "2026-11-22T10:00:00.123456",)"
      R"( "expires": "2026-11-22T11:00:00Z", "tenant": {"id": "p1"}}, "serviceCatalog": [)"
      R"({"type": "baremetal", "name": "ironic", "endpoints": [7, {"region": "one",)"
      R"( "publicURL": "http://public/", "internalURL": "http://internal/"}]}, "odd"]}})";
};

ServiceAuth by_password() {
  ServiceAuth auth{.type = Type::kV2Password, .auth_url = "http://k:5000/v2.0/", .username = "u"};
  auth.password = "secret";
  auth.project_name = "service";
  return auth;
}

const Patience kPatience{base::Env::TimePoint::max(), {}};

TEST(KeystoneV2, GivesATokenAndTheEndpointsOfItsCatalogue) {
  const auto keystone = std::make_shared<OldKeystone>();
  Session session(base::system_env(), by_password(), keystone);
  EXPECT_EQ(session.headers(kPatience), (http::Headers{{"X-Auth-Token", "t1"}}));
  EXPECT_EQ(keystone->asked, "POST http://k:5000/v2.0 /tokens");
  EXPECT_EQ(keystone->body, R"({"auth":{"passwordCredentials":{"username":"u",)"
                            R"("password":"secret"},"tenantName":"service"}})");
  EndpointChoice choice{.service_type = "baremetal"};
  EXPECT_EQ(session.endpoint(choice, kPatience), "http://internal");
  choice.interfaces = {"publicURL"};
  EXPECT_EQ(session.endpoint(choice, kPatience), "http://public");
  choice.region_name = "two";
  EXPECT_THROW(session.endpoint(choice, kPatience), Error);
}

TEST(KeystoneV2, TheTokenLivesAsLongAsItSays) {
  const OldKeystone keystone;
  const V2Grant grant =
      v2_grant(by_password(), {.status = 200, .body = keystone.answer}, base::Env::WallTime{});
  EXPECT_EQ(grant.lives, std::chrono::hours(1) - std::chrono::microseconds(123456));
}

TEST(KeystoneV2, IdsAndAnotherTokenAreCredentialsToo) {
  ServiceAuth auth = by_password();
  auth.user_id = "u1";
  auth.project_id = "p1";
  EXPECT_EQ(
      v2_request(auth).body,
      R"({"auth":{"passwordCredentials":{"userId":"u1","password":"secret"},"tenantId":"p1"}})");
  auth.type = Type::kV2Token;
  auth.token = "t0";
  EXPECT_EQ(v2_request(auth).body, R"({"auth":{"token":{"id":"t0"},"tenantId":"p1"}})");
}

TEST(KeystoneV2, WhatIsNoTokenIsRefusedWithoutASecret) {
  for (const char* answer : {"", "{}", R"({"access": 1})", R"({"access": {"token": {"id": 5}}})",
                             R"({"access": {"token": {"id": "t", "expires": "soon"}}})"}) {
    try {
      v2_grant(by_password(), {.status = 200, .body = answer}, {});
      ADD_FAILURE() << answer;
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "Keystone at http://k:5000/v2.0/ answers what is no token");
    }
  }
  EXPECT_THROW(v2_grant(by_password(), {.status = 401, .body = "{}"}, {}), Error);
}

}  // namespace
}  // namespace inspector::keystone
