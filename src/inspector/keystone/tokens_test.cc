#include "inspector/keystone/tokens.h"

#include "inspector/error.h"
#include "inspector/keystone/credentials.h"
#include "inspector/keystone/testing/fake_keystone.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

class TokensTest : public ::testing::Test {
 protected:
  TokensTest() {
    options_.auth.type = ServiceAuth::Type::kPassword;
    options_.auth.auth_url = "http://keystone/v3";
    options_.auth.username = "inspector";
    options_.auth.password = "secret";
    options_.identity.service_type = "identity";
    options_.www_authenticate_uri = "http://public/v3";
    keystone_->tokens["good"] = inspector::testing::caller_token("admin");
    keystone_->tokens["service"] = inspector::testing::caller_token("service");
  }

  TokenCache::Answer check(Tokens& tokens, const std::string& token,
                           const std::string& service = "") {
    http::Request request{.target = "/v1/introspection", .headers = {{"X-Auth-Token", token}}};
    if (!service.empty()) request.headers.emplace_back("X-Service-Token", service);
    return tokens.check(request, {});
  }

  base::Env& env_ = base::system_env();
  std::shared_ptr<inspector::testing::FakeKeystone> keystone_ =
      std::make_shared<inspector::testing::FakeKeystone>();
  TokenOptions options_;
};

TEST_F(TokensTest, AreCheckedOnceAndRemembered) {
  Tokens tokens(env_, options_, keystone_);
  const TokenCache::Answer who = check(tokens, "good");
  ASSERT_TRUE(who);
  EXPECT_EQ(json::serialize(*who),
            R"({"roles":["admin"],"user_id":"u1","user_domain_id":"d1","project_id":"p1",)"
            R"("project_domain_id":"d1","domain_id":null,"system_scope":null,)"
            R"("is_admin_project":true,"names":{"user_name":"u","project_name":null,)"
            R"("domain_name":null,"user_domain_name":null,"project_domain_name":null}})");
  EXPECT_TRUE(check(tokens, "good"));
  EXPECT_FALSE(check(tokens, "bad"));
  EXPECT_FALSE(check(tokens, "bad"));
  EXPECT_EQ(keystone_->requests,
            (std::vector<std::string>{"POST http://keystone/v3 /auth/tokens",
                                      "GET http://keystone/v3 /auth/tokens?nocatalog",
                                      "GET http://keystone/v3 /auth/tokens?nocatalog"}));
  EXPECT_EQ(tokens.challenge(), "Keystone uri=\"http://public/v3\"");
}

TEST_F(TokensTest, WithoutACacheEachIsAskedFor) {
  options_.cache_time = {};
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(check(tokens, "good"));
  keystone_->tokens.erase("good");
  EXPECT_FALSE(check(tokens, "good"));
}

TEST_F(TokensTest, WhatCannotBeATokenIsNotAskedFor) {
  Tokens tokens(env_, options_, keystone_);
  EXPECT_FALSE(check(tokens, ""));
  EXPECT_FALSE(check(tokens, "with blank"));
  EXPECT_FALSE(check(tokens, std::string(10000, 'x')));
  EXPECT_TRUE(keystone_->requests.empty());
}

TEST_F(TokensTest, AKeystoneThatIsAwayIsUnavailable) {
  keystone_->away = true;
  options_.attempts = 1;
  Tokens tokens(env_, options_, keystone_);
  try {
    check(tokens, "good");
    FAIL();
  } catch (const inspector::Error& error) {
    EXPECT_EQ(error.code(), Errc::kUnavailable);
  }
  keystone_->away = false;
  EXPECT_TRUE(check(tokens, "good"));
}

TEST_F(TokensTest, OurOwnTokenIsReplacedWhenItWasRevoked) {
  keystone_->forgetful = true;
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(check(tokens, "good"));
}

TEST_F(TokensTest, AServicesTokenMustBeValidAndHaveTheRole) {
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(check(tokens, "good", "service"));
  EXPECT_EQ(keystone_->requests.back(),
            "GET http://keystone/v3 /auth/tokens?nocatalog&allow_expired=1");
  EXPECT_FALSE(check(tokens, "good", "bad"));
  EXPECT_TRUE(check(tokens, "good", "good"));
  options_.service_token_roles_required = true;
  Tokens strict(env_, options_, keystone_);
  EXPECT_FALSE(check(strict, "good", "good"));
}

TEST_F(TokensTest, OneThatHasExpiredByOurClockIsNoneWhateverKeystoneSays) {
  json::object expired = inspector::testing::caller_token("admin");
  expired["expires_at"] = "2001-01-01T00:00:00.000000Z";
  keystone_->tokens["old"] = expired;
  for (const auto cache_time : {std::chrono::seconds(300), std::chrono::seconds(0)}) {
    options_.cache_time = cache_time;
    Tokens tokens(env_, options_, keystone_);
    EXPECT_FALSE(check(tokens, "old"));
    EXPECT_TRUE(check(tokens, "old", "service"));
    EXPECT_TRUE(check(tokens, "good"));
  }
}

TEST_F(TokensTest, WhatIsMalformedIsNoAnswer) {
  keystone_->tokens["odd"] = {{"roles", 5}};
  Tokens tokens(env_, options_, keystone_);
  EXPECT_THROW(check(tokens, "odd"), inspector::Error);
}

TEST(TokenCache, ForgetsTheOldestWhenItIsFullAndAllInTime) {
  TokenCache cache(2);
  const base::Env::TimePoint now{};
  const auto later = now + std::chrono::seconds(5);
  cache.keep("a", nullptr, later);
  cache.keep("b", nullptr, later);
  EXPECT_TRUE(cache.find("a", now));
  cache.keep("c", nullptr, later);
  EXPECT_TRUE(cache.find("a", now));
  EXPECT_FALSE(cache.find("b", now));
  EXPECT_FALSE(cache.find("a", later));
}

TEST(AccessRules, NarrowApplicationCredentials) {
  const json::object token = json::parse(R"({"application_credential": {"access_rules": [
      {"service": "baremetal-introspection", "method": "GET", "path": "/v1/introspection/*"},
      {"service": "baremetal-introspection", "method": "GET", "path": "/v1/rules/**"}]}})")
                                 .get_object();
  const auto allows = [&](std::string_view method, std::string_view path) {
    return access_rules_allow(token, "baremetal-introspection", method, path);
  };
  EXPECT_TRUE(allows("GET", "/v1/introspection/x?limit=1"));
  EXPECT_FALSE(allows("POST", "/v1/introspection/x"));
  EXPECT_FALSE(allows("GET", "/v1/introspection/x/data"));
  EXPECT_TRUE(allows("GET", "/v1/rules/a/b"));
  EXPECT_FALSE(access_rules_allow(token, "", "GET", "/v1/introspection/x"));
  EXPECT_TRUE(access_rules_allow({}, "", "GET", "/"));
}

}  // namespace
}  // namespace inspector::keystone
