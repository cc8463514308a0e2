// Debian's Swift with its own users; one with Keystone's stands in tests/e2e.
#include "tests/support/swift_server.h"
#include "inspector/data_store/data_store.h"
#include "inspector/error.h"

#include <gtest/gtest.h>

#include <utility>

namespace inspector {
namespace {

using support::SwiftServer;

class RealSwift : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!SwiftServer::installed()) GTEST_SKIP() << "Swift is not installed";
    swift_.emplace();
    ServiceAuth& auth = options_.service.auth;
    auth.type = ServiceAuth::Type::kV1Password;
    auth.auth_url = swift_->auth_url();
    auth.username = SwiftServer::kUser;
    auth.password = SwiftServer::kPassword;
    options_.service.endpoint.service_type = "object-store";
    options_.container = "what was found";  // a name that has to be quoted in a path
  }

  std::unique_ptr<DataStore> store() { return swift_data_store(base::system_env(), options_); }

  std::optional<SwiftServer> swift_;
  SwiftOptions options_;
};

/// What Swift says of an object, by hand.
std::string head_of(const SwiftServer& swift, const std::string& path) {
  const std::string said = support::run({"curl", "-si", "-H", "X-Auth-User: test:tester", "-H",
                                         "X-Auth-Key: testing", swift.auth_url()});
  const std::string name = "X-Auth-Token: ";
  const auto at = said.find(name) + name.size();
  return support::run({"curl", "-sI", "-H", name + said.substr(at, said.find('\r', at) - at),
                       swift.url() + "/v1/AUTH_test/" + path});
}

TEST_F(RealSwift, KeepsWhatIsSavedUntilItIsReplacedOrItsTimeIsOver) {
  const auto data = store();
  EXPECT_EQ(data->find("u", true), std::nullopt);
  const std::string large = "[\"" + std::string(3'000'000, 'x') + "\"]";
  data->save("u", false, large, {});
  data->save("u", true, R"({"name":"ö"})", {});
  EXPECT_EQ(data->get("u", false), large);
  EXPECT_EQ(data->get("u", true), R"({"name":"ö"})");
  EXPECT_EQ(head_of(*swift_, "what%20was%20found/inspector_data-u").find("X-Delete-At: "),
            std::string::npos);
  options_.delete_after = 3600;
  store()->save("u", true, "{}", {});
  EXPECT_EQ(data->get("u", true), "{}");
  EXPECT_NE(head_of(*swift_, "what%20was%20found/inspector_data-u").find("X-Delete-At: "),
            std::string::npos);
}

TEST_F(RealSwift, WhatKeepsUsFromItIsNamed) {
  const auto data = store();
  data->save("u", true, "{}", {});
  const std::string right = std::exchange(options_.service.auth.password, "guess");
  try {
    store()->get("u", true);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    EXPECT_EQ(std::string(error.what()),
              "Could not connect to the object storage service: " + swift_->auth_url() +
                  " gives no token: it answers 401");
  }
  swift_->stop();
  options_.service.auth.password = right;
  options_.service.attempts = options_.service.connect_attempts = 1;
  const auto hasty = store();
  EXPECT_THROW(hasty->get("u", true), Error);
  swift_->start();
  EXPECT_EQ(data->get("u", true), "{}");
  EXPECT_EQ(hasty->get("u", true), "{}");
}

}  // namespace
}  // namespace inspector
