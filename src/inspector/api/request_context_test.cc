#include "inspector/api/request_context.h"

#include "base/log_options.h"
#include "inspector/api/testing/api_fixture.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <regex>

namespace inspector::api_test {
namespace {

constexpr const char* kForeign = "req-0c1f4b3e-7a52-4d7c-9b52-5f60f4d5a001";

class RequestLog : public ApiFixture {
 protected:
  RequestLog() { base::configure_log({.file = file_}); }
  ~RequestLog() override {
    base::configure_log({});
    std::filesystem::remove(file_);
  }

  std::string last_line() const {
    std::ifstream in(file_);
    std::string last;
    for (std::string line; std::getline(in, line);)
      last = line;
    return last;
  }

  const std::string file_ = testing::TempDir() + "request_log." + std::to_string(getpid()) + ".log";
};

TEST_F(RequestLog, ItsLinesCarryAnIdOfItsOwn) {
  send("GET", "/");
  const std::string first = last_line();
  EXPECT_TRUE(std::regex_search(
      first, std::regex(R"( INFO api \[None req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} )"
                        R"(- - - - - -\] request )")))
      << first;
  send("GET", "/");
  EXPECT_NE(first.substr(first.find("req-"), 40), last_line().substr(last_line().find("req-"), 40));
}

TEST_F(RequestLog, TheIdThatAnotherServiceSendsIsTheGlobalOne) {
  send("GET", "/", "", {{"X-OpenStack-Request-ID", kForeign}});
  EXPECT_NE(last_line().find("[" + std::string(kForeign) + " req-"), std::string::npos);
  for (const char* bad : {"x", "req-1", "req-0c1f4b3e-7a52-4d7c-9b52-5f60f4d5a001] forged ["}) {
    send("GET", "/", "", {{"X-OpenStack-Request-ID", bad}});
    EXPECT_NE(last_line().find("[None req-"), std::string::npos) << bad;
  }
}

TEST(RequestContext, TheUserOfATokenIsNamedByIdAndByName) {
  base::LogContext context;
  name_user(context, boost::json::object{{"user_id", "u"},
                                         {"project_id", "p"},
                                         {"system_scope", nullptr},
                                         {"names", {{"user_name", "Ann"}}}});
  EXPECT_EQ(context.find("user"), "u");
  EXPECT_EQ(context.find("project"), "p");
  EXPECT_EQ(context.find("system_scope"), "");
  EXPECT_EQ(context.find("user_name"), "Ann");
}

}  // namespace
}  // namespace inspector::api_test
