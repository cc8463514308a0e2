#include "inspector/keystone/tokens.h"

#include "inspector/error.h"
#include "inspector/keystone/testing/fake_keystone.h"
#include "inspector/keystone/token_seal.h"
#include "tests/support/free_port.h"
#include "tests/support/memcached_server.h"
#include "tests/support/proxy.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector::keystone {
namespace {

using Security = SharedTokenOptions::Security;

constexpr const char* kAsked = "GET http://keystone/v3 /auth/tokens";

/// Processes that check tokens with one Keystone, and share what it says by one memcached.
class SharedTokensTest : public ::testing::Test {
 protected:
  SharedTokensTest() {
    options_.auth.type = ServiceAuth::Type::kPassword;
    options_.auth.auth_url = "http://keystone/v3";
    options_.auth.username = "inspector";
    options_.auth.password = "secret";
    options_.identity.service_type = "identity";
    options_.shared.servers = {{"127.0.0.1", memcached_.port()}};
    options_.shared.secret_key = "s3cret";
    keystone_->tokens["good"] = inspector::testing::caller_token("admin");
  }

  static bool passes(Tokens& tokens, const std::string& token = "good") {
    return tokens.check({.target = "/", .headers = {{"X-Auth-Token", token}}}, {}) != nullptr;
  }

  /// How often Keystone was asked for the token.
  std::ptrdiff_t asked() const {
    return std::count(keystone_->requests.begin(), keystone_->requests.end(), kAsked);
  }

  std::string item(const std::string& token = "good") const {
    return TokenSeal(options_.shared, token).item();
  }
  std::string kept(const std::string& token = "good") const {
    return memcached_.ask("get " + item(token) + "\r\nquit\r\n");
  }
  void put(const std::string& data, const std::string& token = "good") const {
    memcached_.ask("set " + item(token) + " 0 100 " + std::to_string(data.size()) + "\r\n" + data +
                   "\r\nquit\r\n");
  }

  base::Env& env_ = base::system_env();
  support::MemcachedServer memcached_;
  std::shared_ptr<inspector::testing::FakeKeystone> keystone_ =
      std::make_shared<inspector::testing::FakeKeystone>();
  TokenOptions options_;
};

TEST_F(SharedTokensTest, OneProcessAsksForAll) {
  for (const Security security : {Security::kNone, Security::kMac, Security::kEncrypt}) {
    options_.shared.security = security;
    keystone_->requests.clear();
    Tokens one(env_, options_, keystone_), other(env_, options_, keystone_);
    EXPECT_TRUE(passes(one));
    EXPECT_TRUE(passes(other));
    EXPECT_TRUE(passes(one));
    EXPECT_EQ(asked(), 1);
    const bool readable = kept().find("\"u1\"") != std::string::npos;
    EXPECT_EQ(readable, security == Security::kNone);
  }
}

TEST_F(SharedTokensTest, AnAnswerThatIsTakenOutIsAskedForAgain) {
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(passes(tokens));
  memcached_.ask("flush_all\r\nquit\r\n");
  keystone_->tokens.clear();
  EXPECT_FALSE(passes(tokens));
  EXPECT_EQ(asked(), 2);
}

TEST_F(SharedTokensTest, AnotherSecretKeepsProcessesApart) {
  options_.shared.security = Security::kMac;
  Tokens one(env_, options_, keystone_);
  options_.shared.secret_key = "other";
  Tokens other(env_, options_, keystone_);
  EXPECT_TRUE(passes(one));
  EXPECT_TRUE(passes(other));
  EXPECT_EQ(asked(), 2);
}

TEST_F(SharedTokensTest, WhatSomebodyElseHasWrittenThereIsNotBelieved) {
  options_.shared.security = Security::kMac;
  put(R"({"token": {"roles": [{"name": "admin"}], "user": {"id": "u", "domain": {"id": "d"}},)"
      R"("expires_at": "2999-01-01T00:00:00.000000Z"}})",
      "forged");
  Tokens tokens(env_, options_, keystone_);
  EXPECT_FALSE(passes(tokens, "forged"));
}

TEST_F(SharedTokensTest, WhatIsNoAnswerOfKeystonesIsAskedFor) {
  for (const char* rubbish : {"", "x", "{}", "[1]", R"({"token": 1})", R"({"token": {}})",
                              R"({"token": {"user": {"id": "u"}, "expires_at": "soon"}})"}) {
    put(rubbish);
    Tokens tokens(env_, options_, keystone_);
    EXPECT_TRUE(passes(tokens)) << rubbish;
  }
  EXPECT_EQ(asked(), 7);
}

TEST_F(SharedTokensTest, AnExpiredOneThatStandsThereIsOver) {
  boost::json::object expired = inspector::testing::caller_token("admin");
  expired["expires_at"] = "2001-01-01T00:00:00.000000Z";
  put(boost::json::serialize(boost::json::object{{"token", expired}}));
  Tokens tokens(env_, options_, keystone_);
  EXPECT_FALSE(passes(tokens));
  EXPECT_EQ(asked(), 0);
}

TEST_F(SharedTokensTest, WithoutItsMemcachedAProcessRemembersByItself) {
  options_.shared.servers = {{"127.0.0.1", support::free_port()}};
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(passes(tokens));
  EXPECT_TRUE(passes(tokens));
  EXPECT_EQ(asked(), 1);
}

TEST_F(SharedTokensTest, OneThatDiesIsLeftAloneForAWhileAndThenUsedAgain) {
  options_.shared.dead_retry = {};
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(passes(tokens));
  memcached_.kill();
  EXPECT_TRUE(passes(tokens));
  EXPECT_EQ(asked(), 2);
  memcached_.start();
  Tokens other(env_, options_, keystone_);
  EXPECT_TRUE(passes(other));
  EXPECT_NE(kept().find("VALUE"), std::string::npos);
}

TEST_F(SharedTokensTest, OneThatStandsStillIsNotWaitedForTwice) {
  support::Proxy proxy(memcached_.port());
  options_.shared.servers = {{"127.0.0.1", proxy.port()}};
  options_.shared.socket_timeout = std::chrono::milliseconds(100);
  Tokens tokens(env_, options_, keystone_);
  EXPECT_TRUE(passes(tokens));
  proxy.black_hole();
  EXPECT_TRUE(passes(tokens));
  proxy.pass();  // it would answer now, but nobody asks it
  memcached_.ask("flush_all\r\nquit\r\n");
  EXPECT_TRUE(passes(tokens));
  EXPECT_EQ(asked(), 2);
  EXPECT_EQ(kept(), "END\r\n");
}

TEST_F(SharedTokensTest, TheNextServerTakesThePlaceOfADeadOne) {
  options_.shared.servers = {{"127.0.0.1", support::free_port()}, {"127.0.0.1", memcached_.port()}};
  Tokens one(env_, options_, keystone_), other(env_, options_, keystone_);
  for (const char* token : {"a", "b", "c", "d"}) {
    keystone_->tokens[token] = inspector::testing::caller_token("admin");
    EXPECT_TRUE(passes(one, token));
    EXPECT_TRUE(passes(other, token));
  }
  EXPECT_EQ(asked(), 4);
}

}  // namespace
}  // namespace inspector::keystone
