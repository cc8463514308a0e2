#include "inspector/api/testing/api_fixture.h"

#include <fstream>

namespace inspector::api_test {
namespace {

/// The API with a file of users: `admin` with the password `secret`.
class AuthenticationTest : public ApiFixture {
 protected:
  AuthenticationTest() {
    std::string name = testing::TempDir() + "api-users-XXXXXX";
    const int descriptor = mkstemp(name.data());
    if (descriptor >= 0) close(descriptor);
    file_ = name;
    std::ofstream(file_) << "admin:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n";
    ApiOptions options;
    options.auth = ApiOptions::Auth::kHttpBasic;
    options.http_basic_auth_user_file = file_;
    set_options(options);
  }
  ~AuthenticationTest() override { std::remove(file_.c_str()); }

  std::string file_;
};

const http::Headers kRight = {{"Authorization", "Basic YWRtaW46c2VjcmV0"}};
const http::Headers kWrong = {{"Authorization", "Basic YWRtaW46d3Jvbmc="}};
const http::Headers kOther = {{"Authorization", "Bearer x"}};

const std::string kNode = "/v1/introspection/" + std::string(kUuid);

/// Every route that asks who is there.
const std::pair<const char*, std::string> kClosed[] = {
    {"GET", "/v1/introspection"},
    {"GET", kNode},
    {"POST", kNode},
    {"POST", kNode + "/abort"},
    {"GET", kNode + "/data"},
    {"GET", kNode + "/data/unprocessed"},
    {"POST", kNode + "/data/unprocessed"},
    {"HEAD", kNode},
};

TEST_F(AuthenticationTest, ClosedRoutesNeedAPassword) {
  for (const auto& [method, target] : kClosed) {
    for (const http::Headers& headers : {http::Headers{}, kWrong}) {
      const http::Response response = send(method, target, "", headers);
      EXPECT_EQ(response.status, 401) << method << " " << target;
      EXPECT_EQ(response.body, "{\"error\":{\"message\":\"Authentication required\"}}\n");
      EXPECT_EQ(http::find_header(response.headers, "WWW-Authenticate"),
                "Basic realm=\"Baremetal API\"");
    }
    EXPECT_EQ(refusal(method, target, "", kOther), "400 Unsupported authorization type \"Bearer\"");
  }
  EXPECT_TRUE(conductor_.calls.empty());
  EXPECT_EQ(ironic_.asked, 0);
}

TEST_F(AuthenticationTest, WhoHasThePasswordMayDoEverything) {
  for (const auto& [method, target] : kClosed) {
    const int status = send(method, target, "", kRight).status;
    EXPECT_TRUE(status == 200 || status == 202 || status == 404) << method << " " << target;
  }
  EXPECT_EQ(conductor_.calls.size(), 3U);
}

TEST_F(AuthenticationTest, PublicRoutesDoNotLookAtTheHeader) {
  for (const http::Headers& headers : {http::Headers{}, kWrong, kOther}) {
    EXPECT_EQ(send("GET", "/", "", headers).status, 200);
    EXPECT_EQ(send("GET", "/v1", "", headers).status, 200);
    EXPECT_EQ(send("POST", "/v1/continue", "{}", headers).status, 200);
    EXPECT_EQ(send("OPTIONS", kNode, "", headers).status, 200);
  }
}

TEST_F(AuthenticationTest, UnknownUrlsAndWrongMethodsComeFirst) {
  EXPECT_EQ(send("GET", "/v1/x/y").status, 404);
  EXPECT_EQ(send("PUT", kNode).status, 405);
}

}  // namespace
}  // namespace inspector::api_test
