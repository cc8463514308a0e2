// The real Ironic, Keystone and Swift, with an API and a conductor of ours.
#include "tests/e2e/ironic/site.h"
#include "tests/e2e/support/cluster_deployment.h"
#include "tests/support/keystone_server.h"
#include "tests/support/swift_server.h"

#include <boost/json.hpp>

#include <iostream>

namespace e2e {
namespace {

using support::KeystoneServer;
using support::SwiftServer;

/// Everybody asks Keystone who the other is and where; what is found is kept in Swift.
class SplitKeystone : public ClusterDeployment {
 protected:
  void SetUp() override {
    if (!KeystoneServer::installed()) GTEST_SKIP() << "Keystone is not installed";
    if (!SwiftServer::installed()) GTEST_SKIP() << "Swift is not installed";
    if (!IronicServer::installed()) GTEST_SKIP() << "Ironic is not installed";
    ClusterDeployment::SetUp();
    if (IsSkipped()) return;
    const std::string swift_url = IronicServer::url_at(swift_port_) + "/v1/AUTH_%(project_id)s";
    keystone_.emplace(site_.url(),
                      std::map<std::string, std::string>{{"baremetal-introspection", reserve_api()},
                                                         {"object-store", swift_url}});
    swift_.emplace(SwiftServer::Options{.keystone_url = keystone_->url(), .port = swift_port_});
  }

  void TearDown() override {
    ClusterDeployment::TearDown();
    if (HasFailure()) std::cout << "--- Ironic\n" << site_.output();
  }

  void with_user(Config& config, const std::string& section) const {
    config.set(section, "auth_type", "password")
        .set(section, "auth_url", keystone_->url())
        .set(section, "username", "inspector")
        .set(section, "password", "secret")
        .set(section, "user_domain_name", "Default")
        .set(section, "project_name", "service")
        .set(section, "project_domain_name", "Default");
  }

  Config config(const std::string& host) const override {
    Config config = ClusterDeployment::config(host);
    if (!keystone_) return config;
    config.set("DEFAULT", "auth_strategy", "keystone")
        .set("processing", "store_data", "swift")
        .set("keystone_authtoken", "http_connect_timeout", "60")  // a machine that is busy
        .drop("ironic", "endpoint_override");
    for (const char* section : {"keystone_authtoken", "ironic", "json_rpc", "swift"})
      with_user(config, section);
    return config.set("ironic", "username", "ironic");  // Ironic lets admins make ports
  }

  IronicSite site_;
  const std::uint16_t swift_port_ = support::free_port();
  std::optional<KeystoneServer> keystone_;
  std::optional<SwiftServer> swift_;
};

TEST_F(SplitKeystone, EverybodyIsFoundInTheCatalogueAndDataIsKeptInSwift) {
  const Member conductor = this->conductor("c1");
  const Member api_member = api_process();
  site_.start({.auth = IronicServer::Auth::kKeystone, .keystone_url = keystone_->url()});
  const http::Headers admin{{"X-Auth-Token", keystone_->tokens().at("sys-admin")}};
  site_.sign_in(admin);
  const IronicOperator ironic = site_.people();
  const std::string uuid = node_under_inspection(ironic);
  EXPECT_EQ(post(api(), report(kBmc, kMac)).status, 200);
  ASSERT_TRUE(ironic.becomes(uuid, "manageable")) << ironic.text(uuid, "last_error");
  expect_found(ironic, uuid);

  const std::string data = "/v1/introspection/" + uuid + "/data";
  EXPECT_EQ(api().get(data).status, 401);
  const Answer processed = api().ask("GET", data, "", admin);
  ASSERT_EQ(processed.status, 200) << processed.body;
  EXPECT_TRUE(processed.json().as_object().contains("macs"));
  EXPECT_EQ(api().ask("GET", data + "/unprocessed", "", admin).status, 200);

  // From there into the database; and a second time, when nothing is left to do.
  for (int times = 0; times < 2; ++times) {
    const Ended moved =
        ended({program("ironic-inspector-migrate-data"), "--config-file",
               write("migrate", config("c1")), "--from", "swift", "--to", "database"});
    EXPECT_EQ(moved.code, 0);
    EXPECT_NE(moved.output.find("total records: 2. all records are migrated successfully."),
              std::string::npos)
        << moved.output;
  }
}

}  // namespace
}  // namespace e2e
