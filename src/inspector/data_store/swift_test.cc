#include "inspector/data_store/data_store.h"
#include "inspector/error.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

namespace inspector {
namespace {

/// Swift's answers in memory, and what it was asked. Refuses as `refusals` say, one request each.
class FakeSwift final : public http::Sender {
 public:
  http::Response send(std::string_view base_url, const http::Request& request, base::Env::TimePoint,
                      const std::stop_token&) override {
    asked.push_back(request.method + " " + std::string(base_url) + request.target);
    if (base_url == "http://auth/v1.0") return log_in(request);
    if (away) throw http::Error(http::Errc::kNotSent, "connection refused");
    if (!refusals.empty()) {
      const int status = refusals.front();
      refusals.pop_front();
      if (status != 0) return {.status = status};
    }
    if (http::find_header(request.headers, "X-Auth-Token") != "token-" + std::to_string(logins))
      return {.status = 401};
    last = request;
    if (request.method == "PUT") {
      objects[request.target] = request.body;
      return {.status = 201};
    }
    const auto found = objects.find(request.target);
    if (found == objects.end()) return {.status = 404};
    return {.status = 200, .body = found->second};
  }

  bool away = false;
  int logins = 0;
  std::deque<int> refusals;  ///< 0: none
  std::vector<std::string> asked;
  std::map<std::string, std::string> objects;  ///< by path
  http::Request last;

 private:
  http::Response log_in(const http::Request& request) {
    if (http::find_header(request.headers, "X-Auth-User") != "test:tester" ||
        http::find_header(request.headers, "X-Auth-Key") != "testing")
      return {.status = 401};
    return {.status = 200,
            .headers = {{"X-Storage-Url", "http://swift/v1/AUTH_test"},
                        {"X-Auth-Token", "token-" + std::to_string(++logins)}}};
  }
};

class SwiftStore : public ::testing::Test {
 protected:
  SwiftStore() {
    options_.service.auth.type = ServiceAuth::Type::kV1Password;
    options_.service.auth.auth_url = "http://auth/v1.0";
    options_.service.auth.username = "test:tester";
    options_.service.auth.password = "testing";
    options_.service.endpoint.service_type = "object-store";
    options_.service.attempts = options_.service.connect_attempts = 3;
    options_.service.retry_pause = options_.service.connect_pause = {};
  }

  std::unique_ptr<DataStore> store() {
    return swift_data_store(base::system_env(), options_, swift_);
  }
  std::string refusal_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::kBadRequest);
      return error.what();
    }
    return "done";
  }

  SwiftOptions options_;
  std::shared_ptr<FakeSwift> swift_ = std::make_shared<FakeSwift>();
};

TEST_F(SwiftStore, ObjectsHaveUpstreamsNames) {
  const auto data = store();
  EXPECT_TRUE(data->enabled());
  EXPECT_FALSE(data->saving("u", true, "{}"));
  data->save("u", true, R"({"a":1})", {});
  data->save("u", false, R"({"b":2})", {});
  const std::string account = "http://swift/v1/AUTH_test/ironic-inspector";
  EXPECT_EQ(swift_->asked,
            (std::vector<std::string>{"GET http://auth/v1.0", "PUT " + account,
                                      "PUT " + account + "/inspector_data-u", "PUT " + account,
                                      "PUT " + account + "/inspector_data-u-UNPROCESSED"}));
  EXPECT_EQ(data->get("u", true), R"({"a":1})");
  EXPECT_EQ(data->find("u", false), R"({"b":2})");
  EXPECT_EQ(http::find_header(swift_->last.headers, "X-Delete-After"), std::nullopt);
}

TEST_F(SwiftStore, ObjectsAreDeletedAfterTheTimeThatIsSet) {
  options_.delete_after = 90;
  store()->save("u", true, "{}", {});
  EXPECT_EQ(http::find_header(swift_->last.headers, "X-Delete-After"), "90");
}

TEST_F(SwiftStore, WhatIsMissingIsUpstreamsBadRequest) {
  const auto data = store();
  EXPECT_EQ(data->find("u", true), std::nullopt);
  EXPECT_EQ(refusal_of([&] { data->get("u", false); }),
            "Swift failed to get object inspector_data-u-UNPROCESSED in container "
            "ironic-inspector. Error was: 404: NOT FOUND");
}

TEST_F(SwiftStore, RefusalsNameWhatFailed) {
  const auto data = store();
  swift_->refusals = {403};
  EXPECT_EQ(refusal_of([&] { data->save("u", true, "{}", {}); }),
            "Swift failed to create container ironic-inspector. Error was: 403: FORBIDDEN");
  swift_->refusals = {0, 422};
  EXPECT_EQ(refusal_of([&] { data->save("u", true, "{}", {}); }),
            "Swift failed to create object inspector_data-u in container ironic-inspector. "
            "Error was: 422: UNPROCESSABLE ENTITY");
  swift_->away = true;
  EXPECT_NE(refusal_of([&] { data->get("u", true); }).find("connection refused"),
            std::string::npos);
}

TEST_F(SwiftStore, TroubleThatPassesIsNotSeen) {
  const auto data = store();
  swift_->refusals = {503, 503, 0, 409};
  data->save("u", true, "{}", {});
  EXPECT_EQ(swift_->objects["/ironic-inspector/inspector_data-u"], "{}");
  swift_->refusals = {503, 503, 503};
  EXPECT_EQ(refusal_of([&] { data->get("u", true); }),
            "Swift failed to get object inspector_data-u in container ironic-inspector. "
            "Error was: 503: SERVICE UNAVAILABLE");
}

TEST_F(SwiftStore, ARevokedTokenIsReplacedOnce) {
  const auto data = store();
  data->save("u", true, "{}", {});
  swift_->logins = 7;  // the next one is the eighth
  EXPECT_EQ(data->get("u", true), "{}");
  EXPECT_EQ(swift_->logins, 8);
}

TEST_F(SwiftStore, AnotherAccountTakesTheProjectsName) {
  options_.service.auth.project_name = "AUTH_other";
  store()->find("u", true);
  EXPECT_EQ(swift_->asked.back(),
            "GET http://swift/v1/AUTH_other/ironic-inspector/inspector_data-u");
}

TEST_F(SwiftStore, WrongCredentialsAreNoConnectionAndHoldNoSecret) {
  options_.service.auth.password = "guess";
  EXPECT_EQ(refusal_of([&] { store()->get("u", true); }),
            "Could not connect to the object storage service: http://auth/v1.0 gives no token: it "
            "answers 401");
}

}  // namespace
}  // namespace inspector
