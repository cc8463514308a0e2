#include "inspector/policy/remote.h"

#include "inspector/error.h"
#include "inspector/policy/check.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

class Judge final : public http::Sender {
 public:
  http::Response send(std::string_view base_url, const http::Request& request, base::Env::TimePoint,
                      const std::stop_token&) override {
    url = base_url;
    asked = request;
    if (away) throw http::Error(http::Errc::kNoAnswer, "POST");
    return {.body = answer};
  }
  std::string url, answer = "True";
  http::Request asked;
  bool away = false;
};

const json::object kCaller = {{"roles", {"member"}}};

bool says_yes(Judge& judge, RemotePolicyOptions options = {}) {
  RemotePolicy remote(options, judge);
  return remote.says_yes("http://judge/may", "introspection:start", kCaller, {});
}

TEST(RemotePolicy, OnlyTrueIsAYes) {
  Judge judge;
  EXPECT_TRUE(says_yes(judge));
  EXPECT_EQ(judge.url, "http://judge");
  EXPECT_EQ(judge.asked.target, "/may");
  judge.answer = "\"True\"";
  EXPECT_TRUE(says_yes(judge));
  for (const char* other : {"", "true", "False", "True\n", "<html>True</html>"}) {
    judge.answer = other;
    EXPECT_FALSE(says_yes(judge)) << other;
  }
}

TEST(RemotePolicy, TheQuestionIsAFormOrJson) {
  Judge judge;
  says_yes(judge);
  EXPECT_EQ(judge.asked.method, "POST");
  EXPECT_EQ(judge.asked.body,
            "rule=%22introspection:start%22&target=%7B%7D&credentials=%7B%22roles%22:%20%5B%22"
            "member%22%5D%7D");
  says_yes(judge, {.as_json = true});
  EXPECT_EQ(
      judge.asked.body,
      R"({"rule": "introspection:start", "target": {}, "credentials": {"roles": ["member"]}})");
}

TEST(RemotePolicy, WithoutAnAnswerNobodyKnows) {
  Judge judge;
  judge.away = true;
  try {
    says_yes(judge);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kUnavailable);
  }
}

TEST(RemotePolicy, ACheckAsksTheServerItNames) {
  std::string asked;
  const auto ask = [&](const std::string& url) {
    asked = url;
    return true;
  };
  const auto check = PolicyCheck::parse("role:admin or https://judge:8000/may?a=%%20b");
  EXPECT_TRUE(check.passes(kCaller, {}, ask));
  EXPECT_EQ(asked, "https://judge:8000/may?a=%20b");
  EXPECT_FALSE(check.passes(kCaller, {}));
  EXPECT_FALSE(PolicyCheck::parse("http://judge/%(name)s").passes(kCaller, {}, ask));
}

}  // namespace
}  // namespace inspector
