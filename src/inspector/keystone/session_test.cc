#include "inspector/keystone/session.h"

#include "inspector/keystone/auth_request.h"
#include "inspector/keystone/signed_sender.h"
#include "inspector/keystone/testing/fake_keystone.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    auth_.type = ServiceAuth::Type::kPassword;
    auth_.auth_url = "http://keystone/identity/";
    auth_.username = "inspector";
    auth_.password = "secret";
    auth_.user_domain_name = "Default";
    auth_.project_name = "service";
    auth_.project_domain_id = "default";
  }

  Patience patience() { return {env_.after(std::chrono::seconds(10)), {}}; }
  std::string token(Session& session) {
    return std::string(http::find_header(session.headers(patience()), "X-Auth-Token").value());
  }

  base::Env& env_ = base::system_env();
  std::shared_ptr<inspector::testing::FakeKeystone> keystone_ =
      std::make_shared<inspector::testing::FakeKeystone>();
  ServiceAuth auth_;
};

TEST_F(SessionTest, OneTokenServesManyRequests) {
  Session session(env_, auth_, keystone_);
  EXPECT_EQ(token(session), "token-1");
  EXPECT_EQ(token(session), "token-1");
  EXPECT_EQ(keystone_->requests,
            std::vector<std::string>{"POST http://keystone/identity/v3 /auth/tokens"});
  EXPECT_EQ(keystone_->body,
            R"({"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"inspector",)"
            R"("domain":{"name":"Default"},"password":"secret"}}},)"
            R"("scope":{"project":{"name":"service","domain":{"id":"default"}}}}})");
}

TEST_F(SessionTest, ARefusedTokenIsReplacedOnce) {
  Session session(env_, auth_, keystone_);
  const http::Headers first = session.headers(patience());
  EXPECT_TRUE(session.refused(first));
  EXPECT_EQ(token(session), "token-2");
  EXPECT_TRUE(session.refused(first));  // somebody else has replaced it already
  EXPECT_EQ(token(session), "token-2");
}

TEST_F(SessionTest, EndpointsAreThoseOfTheCatalogue) {
  Session session(env_, auth_, keystone_);
  EndpointChoice choice{.service_type = "baremetal"};
  EXPECT_EQ(session.endpoint(choice, patience()), "http://internal");
  choice.region_name = "two";
  EXPECT_EQ(session.endpoint(choice, patience()), "http://two");
  choice.interfaces = {"public"};
  EXPECT_THROW(session.endpoint(choice, patience()), Error);
  choice.override_url = "http://mine/";
  EXPECT_EQ(session.endpoint(choice, patience()), "http://mine");
}

TEST_F(SessionTest, OtherFormsOfCredentials) {
  ServiceAuth basic{.type = ServiceAuth::Type::kHttpBasic, .username = "Aladdin"};
  basic.password = "open sesame";
  EXPECT_EQ(Session(env_, basic, keystone_).headers(patience()),
            (http::Headers{{"Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}}));
  EXPECT_TRUE(Session(env_, {}, keystone_).headers(patience()).empty());
  EXPECT_TRUE(keystone_->requests.empty());

  ServiceAuth credential;
  credential.type = ServiceAuth::Type::kApplicationCredential;
  credential.credential_id = "c";
  credential.credential_secret = "s";
  EXPECT_EQ(json::serialize(auth_request(credential)),
            R"({"auth":{"identity":{"methods":["application_credential"],)"
            R"("application_credential":{"id":"c","secret":"s"}}}})");
  auth_.project_name.clear();
  auth_.system_scope = "all";
  EXPECT_EQ(json::serialize(auth_request(auth_).at("auth").at("scope")),
            R"({"system":{"all":true}})");
}

TEST_F(SessionTest, FailuresHoldNoSecret) {
  keystone_->away = true;
  Session session(env_, auth_, keystone_);
  try {
    session.headers(patience());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status, 0);
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

TEST_F(SessionTest, ASignedRequestIsSentOnceMoreWithANewToken) {
  keystone_->forgetful = true;
  keystone_->tokens["x"] = {};
  SignedSender sender(env_, auth_, keystone_);
  const http::Request request{.target = "/x", .headers = {{"X-Subject-Token", "x"}}};
  EXPECT_EQ(sender.send("http://service", request, patience().deadline, {}).status, 200);
  EXPECT_EQ(keystone_->requests.size(), 4U);
}

}  // namespace
}  // namespace inspector::keystone
