// Ways to reach the API: passwords, TLS, a UNIX socket.
#include "tests/e2e/support/standalone_deployment.h"

#include "tests/support/certificates.h"

#include <sys/stat.h>
#include <boost/json.hpp>

#include <fstream>

namespace e2e {
namespace {

using Listening = StandaloneDeployment;

TEST_F(Listening, ClosedRoutesAskForAPasswordAndRamdisksDoNot) {
  const std::string users = folder_.path() / "users";
  std::ofstream(users) << "admin:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n";
  start(config()
            .set("DEFAULT", "auth_strategy", "http_basic")
            .set("DEFAULT", "http_basic_auth_user_file", users));
  begin_machines({.count = 1});
  const Api admin(api().url());
  EXPECT_EQ(api().start(0).text(), "401 Authentication required");
  EXPECT_EQ(api().get("/v1/introspection").text(), "401 Authentication required");
  EXPECT_EQ(
      api().ask("POST", Api::of_node(0), {}, {{"Authorization", "Basic YWRtaW46d3Jvbmc="}}).text(),
      "401 Authentication required");
  const http::Headers right{{"Authorization", "Basic YWRtaW46c2VjcmV0"}};
  EXPECT_EQ(api().ask("POST", Api::of_node(0), {}, right).text(), "202 {}");
  EXPECT_TRUE(eventually([&] {
    const Answer answer = api().ask("GET", Api::of_node(0), {}, right);
    return answer.status == 200 && answer.json().at("state").as_string() == "finished";
  }));
  EXPECT_EQ(log("inspector").find("c2VjcmV0"), std::string::npos);
}

TEST_F(Listening, OverTlsWithACertificate) {
  const support::Certificates certificates = support::make_certificates(folder_.path());
  start_elsewhere(config()
                      .set("DEFAULT", "use_ssl", "True")
                      .set("ssl", "cert_file", certificates.server)
                      .set("ssl", "key_file", certificates.server_key));
  const std::string url = "https://127.0.0.1:" + std::to_string(port());
  const Api trusting(url, {.ca_file = certificates.ca});
  ASSERT_TRUE(trusting.serves());
  const boost::json::value root = trusting.get("/").json();
  EXPECT_EQ(root.at("versions").at(0).at("links").at(0).at("href").as_string(), url + "/v1");
  EXPECT_EQ(Api(url).get("/").status, 0);  // an authority that nobody trusts
  EXPECT_EQ(api().get("/").status, 0);     // and no answer without TLS
  EXPECT_EQ(trusting.get(Api::of_node(0)).text(),
            "404 Could not find node " + node_uuid(0) + " in cache");
}

TEST_F(Listening, OverTlsOnlyForClientsWithACertificate) {
  const support::Certificates certificates = support::make_certificates(folder_.path());
  start_elsewhere(config()
                      .set("DEFAULT", "use_ssl", "True")
                      .set("ssl", "ca_file", certificates.ca)
                      .set("ssl", "cert_file", certificates.server)
                      .set("ssl", "key_file", certificates.server_key));
  const std::string url = "https://127.0.0.1:" + std::to_string(port());
  const Api known(url, {.ca_file = certificates.ca,
                        .cert_file = certificates.client,
                        .key_file = certificates.client_key});
  ASSERT_TRUE(known.serves());
  EXPECT_EQ(Api(url, {.ca_file = certificates.ca}).get("/").status, 0);
}

TEST_F(Listening, OnAUnixSocketThatGoesWithTheProcess) {
  const std::string path = folder_.path() / "api.socket";
  start_elsewhere(config()
                      .set("DEFAULT", "listen_unix_socket", path)
                      .set("DEFAULT", "listen_unix_socket_mode", "0660"));
  std::string escaped;
  for (const char c : path)
    escaped += c == '/' ? "%2F" : std::string(1, c);
  const Api local("http+unix://" + escaped);
  ASSERT_TRUE(local.serves());
  EXPECT_EQ(local.get("/v1/introspection").text(), "200 {\"introspection\":[]}");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
  EXPECT_EQ(inspector().stop(), 0);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace e2e
