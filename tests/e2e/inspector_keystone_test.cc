#include "tests/e2e/support/cluster_deployment.h"
#include "tests/support/keystone_server.h"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

namespace e2e {
namespace {

const std::string kNobody = "/v1/introspection/6a1c7e5a-1111-4222-8333-444455556666";

/// An API and a conductor, each with Keystone between it and who calls it.
class Keystone : public ClusterDeployment {
 protected:
  void SetUp() override {
    if (!support::KeystoneServer::installed()) GTEST_SKIP() << "Keystone is not installed";
    ClusterDeployment::SetUp();
    if (IsSkipped()) return;
    keystone_.emplace(ironic().url());
  }

  Config& with_user(Config& config, const std::string& section) const {
    return config.set(section, "auth_type", "password")
        .set(section, "auth_url", keystone_->url())
        .set(section, "username", "inspector")
        .set(section, "password", "secret")
        .set(section, "user_domain_name", "Default")
        .set(section, "project_name", "service")
        .set(section, "project_domain_name", "Default");
  }

  /// Everything goes by Keystone; Ironic is found in its catalogue.
  Config config(const std::string& host) const override {
    Config config = ClusterDeployment::config(host);
    if (!keystone_) return config;
    config.set("DEFAULT", "auth_strategy", "keystone")
        .drop("ironic", "endpoint_override")
        .set("oslo_policy", "enforce_new_defaults", enforce_new_defaults_ ? "True" : "False");
    with_user(config, "keystone_authtoken");
    with_user(config, "ironic").set("ironic", "region_name", "RegionOne");
    with_user(config, "json_rpc");
    return config;
  }

  http::Headers token_of(const std::string& caller) const {
    if (caller == "none") return {};
    if (caller == "bad") return {{"X-Auth-Token", "bad"}};
    return {{"X-Auth-Token", keystone_->tokens().at(caller)}};
  }

  int status(const std::string& caller, const std::string& method, const std::string& target,
             const std::string& body = "") const {
    return api().ask(method, target, body, token_of(caller)).status;
  }

  void expect_matrix(const std::string& callers, const std::string& matrix) const;

  std::optional<support::KeystoneServer> keystone_;
  bool enforce_new_defaults_ = true;
};

/// `callers` is the head line; each line of `matrix` is a request and the statuses that it gets.
void Keystone::expect_matrix(const std::string& callers, const std::string& matrix) const {
  std::istringstream lines(matrix);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string method, target;
    fields >> method >> target;
    std::string body;
    if (target == "/v1/rules" && method == "POST") body = R"({"actions":[{"action":"example"}]})";
    if (target == "/v1/continue") body = "{}";
    if (const auto at = target.find("UUID"); at != std::string::npos)
      target.replace(at, 4, kNobody.substr(kNobody.rfind('/') + 1));
    std::istringstream names(callers);
    int expected = 0;
    for (std::string caller; names >> caller && fields >> expected;)
      EXPECT_EQ(status(caller, method, target, body), expected)
          << caller << ": " << method << " " << target;
  }
}

const std::string kCallers =
    "none bad unscoped member reader admin service sys-reader sys-admin bm_observer bm_admin";

// As the Python service answered them, with Keystone's old roles let in.
const std::string kMatrix =
    "GET / 200 200 200 200 200 200 200 200 200 200 200\n"
    "GET /v1 200 200 200 200 200 200 200 200 200 200 200\n"
    "GET /v1/introspection 401 401 403 403 403 200 200 200 200 200 200\n"
    "GET /v1/introspection/UUID 401 401 403 403 403 404 404 404 404 404 404\n"
    "POST /v1/introspection/UUID 401 401 403 403 403 404 404 403 404 403 404\n"
    "POST /v1/introspection/UUID/abort 401 401 403 403 403 404 404 403 404 403 404\n"
    "GET /v1/introspection/UUID/data 401 401 403 403 403 404 404 403 404 403 404\n"
    "GET /v1/introspection/UUID/data/unprocessed 401 401 403 403 403 404 404 403 404 403 404\n"
    "POST /v1/introspection/UUID/data/unprocessed 401 401 403 403 403 404 404 403 404 403 404\n"
    "GET /v1/rules 401 401 403 403 403 200 200 403 200 403 200\n"
    "GET /v1/rules/UUID 401 401 403 403 403 404 404 403 404 403 404\n"
    "POST /v1/rules 401 401 403 403 403 201 201 403 201 403 201\n"
    "DELETE /v1/rules/UUID 401 401 403 403 403 404 404 403 404 403 404\n"
    "DELETE /v1/rules 401 401 403 403 403 204 204 403 204 403 204\n"
    "POST /v1/continue 400 400 400 400 400 400 400 400 400 400 400\n"
    "GET /v1/nonexistent 404 404 404 404 404 404 404 404 404 404 404\n";

TEST_F(Keystone, DecidesWhoMayDoWhatAndTheServiceShowsItsOwnTokens) {
  enforce_new_defaults_ = false;
  start_ironic({.count = 1}, reserve_api());
  const Member conductor_member = conductor("one");
  Member api_member = api_process();
  ASSERT_TRUE(
      eventually([&] { return status("admin", "POST", kNobody + "/abort") == 404; }, kSoon));
  expect_matrix(kCallers, kMatrix);

  const Answer refused = api().get("/v1/introspection");
  EXPECT_EQ(refused.text(), "401 Authentication required");
  EXPECT_EQ(http::find_header(refused.headers, "WWW-Authenticate"),
            "Keystone uri=\"" + keystone_->url() + "\"");
  EXPECT_EQ(api().ask("GET", "/v1/introspection", {}, token_of("member")).text(),
            "403 Access denied by policy");

  ASSERT_EQ(status("admin", "POST", Api::of_node(0)), 202);
  EXPECT_TRUE(eventually(
      [&] {
        const Answer answer = api().ask("GET", Api::of_node(0), {}, token_of("admin"));
        return answer.json().at("state") == "finished";
      },
      seconds(60)));

  // The defaults of today know the old roles no more; a policy file says otherwise.
  enforce_new_defaults_ = true;
  api_member.process->stop();
  api_member = api_process_again(0);
  expect_matrix("bm_observer bm_admin admin",
                "GET /v1/introspection 403 403 200\nGET /v1/rules 403 403 200\n");
  std::ofstream(folder_.path() / "policy.yaml")
      << "\"introspection:rule:get\": role:baremetal_observer\n";
  EXPECT_EQ(status("bm_observer", "GET", "/v1/rules"), 200);
  EXPECT_EQ(status("admin", "GET", "/v1/rules"), 403);

  // What Keystone has said is remembered; what it has not is 503 while it is away.
  keystone_->stop();
  EXPECT_EQ(status("bm_observer", "GET", "/v1/rules"), 200);
  const Answer away = api().ask("GET", "/v1/introspection", {}, token_of("service"));
  EXPECT_EQ(away.status, 503);
  EXPECT_TRUE(http::find_header(away.headers, "Retry-After"));
  EXPECT_EQ(status("none", "GET", "/v1/introspection"), 401);
  EXPECT_EQ(status("service", "POST", "/v1/continue", "[]"), 400);
  keystone_->start();
  EXPECT_EQ(status("service", "GET", "/v1/introspection"), 200);

  for (const std::string& name : {std::string("one"), std::string("api-1")})
    for (const std::string& secret : {std::string("secret"), keystone_->tokens().at("admin")})
      EXPECT_EQ(log(name).find(secret), std::string::npos) << name;
}

}  // namespace
}  // namespace e2e
