#include "inspector/api/health.h"

#include "inspector/api/testing/api_fixture.h"

#include <fstream>

namespace inspector::api_test {
namespace {

class HealthTest : public ApiFixture {
 protected:
  HealthTest() {
    options_.health.enabled = true;
    set_options(options_);
  }
  void use() { set_options(options_); }
  std::string body(std::string_view accept) {
    return send("GET", "/healthcheck", "", {{"Accept", std::string(accept)}}).body;
  }

  ApiOptions options_;
};

TEST_F(HealthTest, AHealthyServiceSaysSoInThreeWays) {
  const http::Response plain = send("GET", "/healthcheck");
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.body, "");
  EXPECT_FALSE(
      http::find_header(plain.headers, "X-OpenStack-Ironic-Inspector-API-Minimum-Version"));
  EXPECT_EQ(send("HEAD", "/healthcheck").status, 204);
  EXPECT_EQ(send("HEAD", "/healthcheck").reason, "No Content");
  EXPECT_EQ(body("application/json"), "{\n    \"detailed\": false,\n    \"reasons\": []\n}");
  EXPECT_EQ(body("text/html"),
            "<HTML>\n<HEAD><TITLE>Healthcheck Status</TITLE></HEAD>\n<BODY>\n\n<H2>Result of 0 "
            "checks:</H2>\n<TABLE bgcolor=\"#ffffff\" border=\"1\">\n<TBODY>\n<TR>\n\n<TH>\n"
            "Reason\n</TH>\n</TR>\n\n</TBODY>\n</TABLE>\n<HR></HR>\n\n</BODY>\n</HTML>");
  EXPECT_EQ(send("POST", "/healthcheck").status, 405);
}

TEST_F(HealthTest, AFileDisablesIt) {
  std::string name = testing::TempDir() + "disabled-XXXXXX";
  close(mkstemp(name.data()));
  options_.health.backends = {"disable_by_file"};
  options_.health.disable_by_file_path = name;
  use();
  EXPECT_EQ(send("GET", "/healthcheck").status, 503);
  EXPECT_EQ(send("GET", "/healthcheck").body, "DISABLED BY FILE");
  EXPECT_EQ(send("HEAD", "/healthcheck").status, 503);
  EXPECT_EQ(send("GET", "/healthcheck").reason, "Service Unavailable");
  EXPECT_EQ(body("application/json"),
            "{\n    \"detailed\": false,\n    \"reasons\": [\n        \"DISABLED BY FILE\"\n    "
            "]\n}");
  std::remove(name.c_str());
  EXPECT_EQ(send("GET", "/healthcheck").status, 200);
  EXPECT_EQ(send("GET", "/healthcheck").body, "OK");
  options_.health.backends = {"enable_by_files"};
  options_.health.enable_by_file_paths = {name};
  use();
  EXPECT_EQ(send("GET", "/healthcheck").body, "FILE PATH MISSING");
}

TEST_F(HealthTest, APageHasARowForEachCheckAndItsDetailsWhereAskedFor) {
  options_.health.backends = {"disable_by_file", "enable_by_files"};
  options_.health.disable_by_file_path = "/no'<&file";
  use();
  constexpr std::string_view kTwo = "<TR>\n\n    <TD>OK</TD>\n\n</TR>";
  EXPECT_NE(
      body("text/html").find("</TR>\n" + std::string(kTwo) + std::string(kTwo) + "\n</TBODY>\n"),
      std::string::npos);
  options_.health.detailed = true;
  use();
  const std::string page = body("text/html");
  EXPECT_NE(page.find("<BODY>\n<H1>Server status</H1>\n<B>Server hostname:</B><PRE>"),
            std::string::npos);
  EXPECT_NE(page.find("Details\n</TH>\n\n</TR>\n<TR>\n<TD>HealthcheckResult</TD>\n    "
                      "<TD>OK</TD>\n<TD>Path &#39;/no&#39;&lt;&amp;file&#39; was not found</TD>\n"
                      "</TR><TR>\n"),
            std::string::npos);
  EXPECT_TRUE(page.ends_with("<HR></HR>\n\n\n</BODY>\n</HTML>"));
  EXPECT_NE(body("application/json").find("\"details\": \"Specified file paths are available\""),
            std::string::npos);
}

TEST_F(HealthTest, AFileDisablesThePortThatARequestCameTo) {
  options_.health.backends = {"disable_by_files_ports"};
  options_.health.disable_by_file_paths = {{8001, "/dev/null"}};
  options_.server.port = 8000;
  use();
  EXPECT_EQ(send("GET", "/healthcheck").status, 200);
  EXPECT_EQ(api_->handle({.target = "/healthcheck", .port = 8001}, {}).status, 503);
  options_.server.port = 8001;
  use();
  EXPECT_EQ(send("GET", "/healthcheck").status, 503);
}

TEST_F(HealthTest, ForOthersThereIsNone) {
  options_.health.ignore_proxied_requests = true;
  use();
  EXPECT_EQ(send("GET", "/healthcheck", "", {{"X-Forwarded-For", "192.0.2.1"}}).status, 404);
  options_.health.allowed_source_ranges = {"192.0.2.0/24"};
  use();
  EXPECT_EQ(send("GET", "/healthcheck").status, 404);
  options_.health = {};
  use();
  EXPECT_EQ(refusal("GET", "/healthcheck"), "404 Version healthcheck not found.");
}

class CorsTest : public ApiFixture {
 protected:
  CorsTest() {
    ApiOptions options;
    options.cors.allowed_origin = {"https://a.example"};
    options.cors.allow_methods = {"GET", "POST"};
    options.cors.allow_headers = {"X-Auth-Token"};
    options.cors.expose_headers = {"X-Seen"};
    set_options(options);
  }
  static std::string header(const http::Response& response, std::string_view name) {
    return std::string(http::find_header(response.headers, name).value_or("none"));
  }
};

TEST_F(CorsTest, AnAllowedOriginIsNamed) {
  const http::Response answer = send("GET", "/", "", {{"Origin", "https://a.example"}});
  EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "https://a.example");
  EXPECT_EQ(header(answer, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(header(answer, "Access-Control-Expose-Headers"), "X-Seen");
  EXPECT_EQ(header(answer, "Vary"), "Origin");
  const http::Response other = send("GET", "/", "", {{"Origin", "https://b.example"}});
  EXPECT_EQ(header(other, "Access-Control-Allow-Origin"), "none");
  EXPECT_EQ(other.status, 200);
}

TEST_F(CorsTest, APreflightIsAnsweredWhateverTheRouteSays) {
  const http::Headers asking = {{"Origin", "https://a.example"},
                                {"Access-Control-Request-Method", "POST"},
                                {"Access-Control-Request-Headers", "x-auth-token, Content-Type"}};
  for (const char* target : {"/v1/introspection", "/no/such/route"}) {
    const http::Response answer = send("OPTIONS", target, "", asking);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(header(answer, "Access-Control-Allow-Methods"), "POST");
    EXPECT_EQ(header(answer, "Access-Control-Allow-Headers"), "x-auth-token,Content-Type");
    EXPECT_EQ(header(answer, "Access-Control-Max-Age"), "3600");
  }
  http::Headers too_much = asking;
  too_much.back().second = "X-Other";
  EXPECT_EQ(header(send("OPTIONS", "/", "", too_much), "Access-Control-Allow-Methods"), "none");
  too_much = asking;
  too_much[1].second = "DELETE";
  EXPECT_EQ(header(send("OPTIONS", "/", "", too_much), "Access-Control-Allow-Origin"), "none");
}

}  // namespace
}  // namespace inspector::api_test
