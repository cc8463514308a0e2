// Debian's Swift with its own users; one with Keystone's stands in tests/e2e.
#include "tests/support/swift_server.h"
#include "inspector/data_store/data_store.h"
#include "inspector/error.h"

#include <gtest/gtest.h>

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

TEST_F(RealSwift, KeepsWhatIsSavedUntilItIsReplaced) {
  const auto data = store();
  EXPECT_EQ(data->find("u", true), std::nullopt);
  const std::string large = "[\"" + std::string(3'000'000, 'x') + "\"]";
  data->save("u", false, large, {});
  data->save("u", true, R"({"name":"ö"})", {});
  EXPECT_EQ(data->get("u", false), large);
  EXPECT_EQ(data->get("u", true), R"({"name":"ö"})");
  data->save("u", true, "{}", {});
  EXPECT_EQ(store()->get("u", true), "{}");
}

TEST_F(RealSwift, ObjectsHaveTheTimeAfterWhichTheyGo) {
  options_.delete_after = 3600;
  store()->save("u", true, "{}", {});
  const std::string token =
      support::run({"sh", "-c",
                    "curl -si -H 'X-Auth-User: test:tester' -H 'X-Auth-Key: testing' " +
                        swift_->auth_url() + " | tr -d '\\r' | sed -n 's/^X-Auth-Token: //p'"});
  const std::string head =
      support::run({"curl", "-sI", "-H", "X-Auth-Token: " + token.substr(0, token.find('\n')),
                    swift_->url() + "/v1/AUTH_test/what%20was%20found/inspector_data-u"});
  EXPECT_NE(head.find("X-Delete-At: "), std::string::npos) << head;
}

TEST_F(RealSwift, AProxyThatIsAwayIsNamedAndItsReturnNoticed) {
  const auto data = store();
  data->save("u", true, "{}", {});
  swift_->stop();
  options_.service.attempts = 1;
  const auto hasty = store();
  EXPECT_THROW(hasty->get("u", true), Error);
  swift_->start();
  EXPECT_EQ(data->get("u", true), "{}");
  EXPECT_EQ(hasty->get("u", true), "{}");
}

TEST_F(RealSwift, WrongCredentialsAreRefused) {
  options_.service.auth.password = "guess";
  try {
    store()->get("u", true);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    EXPECT_EQ(std::string(error.what()),
              "Could not connect to the object storage service: " + swift_->auth_url() +
                  " gives no token: it answers 401");
  }
}

}  // namespace
}  // namespace inspector
