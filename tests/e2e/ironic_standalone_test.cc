// The real Ironic inspects its nodes through us.
#include "tests/e2e/ironic/site.h"
#include "tests/e2e/support/standalone_deployment.h"

#include <fstream>
#include <iostream>

namespace e2e {
namespace {

namespace json = boost::json;

class RealIronic : public StandaloneDeployment {
 protected:
  void SetUp() override {
    if (!IronicServer::installed()) GTEST_SKIP() << "Ironic is not installed";
  }
  void TearDown() override {
    StandaloneDeployment::TearDown();
    if (HasFailure()) std::cout << "--- Ironic\n" << site_.output();
  }

  Config config() const {
    return StandaloneDeployment::config().set("ironic", "endpoint_override", site_.url());
  }
  void begin(const Config& config, IronicServer::Options options = {}) {
    start(config);
    options.inspector_url = api().url();
    site_.start(options);
  }
  json::object status(const std::string& uuid) const {
    const json::value answer = api().get("/v1/introspection/" + uuid).json();
    return answer.is_object() ? answer.get_object() : json::object();
  }
  bool waits(const std::string& uuid) const {
    return eventually(
        [&] {
          const json::object now = status(uuid);
          return now.contains("state") && now.at("state") == "waiting";
        },
        kSoon);
  }

  IronicSite site_;
};

TEST_F(RealIronic, ANodeIsInspectedFromEnrollToManageable) {
  begin(config());
  const IronicOperator ironic = site_.people();
  const std::string uuid = node_under_inspection(ironic);
  EXPECT_EQ(post(api(), report(kBmc, kMac)).text(), "200 {\"uuid\":\"" + uuid + "\"}");
  ASSERT_TRUE(ironic.becomes(uuid, "manageable")) << ironic.text(uuid, "last_error");
  expect_found(ironic, uuid);
  EXPECT_EQ(ironic.text(uuid, "power_state"), "power off");
  EXPECT_EQ(ironic.text(uuid, "last_error"), "");
  // Ironic keeps what it asked us for afterwards.
  EXPECT_TRUE(eventually(
      [&] { return ironic.ask("GET", "/v1/nodes/" + uuid + "/inventory").status == 200; }, kSoon));
}

TEST_F(RealIronic, WhatARamdiskSaysOfItsFailureStandsInTheNode) {
  begin(config());
  const IronicOperator ironic = site_.people();
  const std::string uuid = node_under_inspection(ironic);
  json::object failed = report(kBmc, kMac);
  failed["error"] = "no disk was found";
  EXPECT_EQ(post(api(), failed).status, 400);
  ASSERT_TRUE(ironic.becomes(uuid, "inspect failed"));
  EXPECT_NE(ironic.text(uuid, "last_error").find("no disk was found"), std::string::npos)
      << ironic.text(uuid, "last_error");
}

TEST_F(RealIronic, AnAbortEndsTheInspectionOnBothSides) {
  begin(config());
  const IronicOperator ironic = site_.people();
  const std::string uuid = node_under_inspection(ironic);
  ironic.provision(uuid, "abort");
  EXPECT_TRUE(ironic.becomes(uuid, "inspect failed"));
  EXPECT_TRUE(eventually([&] { return status(uuid).at("state") == "error"; }, kSoon));
  EXPECT_EQ(status(uuid).at("error").as_string(), "Canceled by operator");
  EXPECT_TRUE(ironic.powered(uuid, "power off"));
  // And it may be tried again.
  ironic.manage(uuid);
  ironic.inspect(uuid);
  EXPECT_TRUE(ironic.powered(uuid, "power on"));
}

TEST_F(RealIronic, PowerThatTakesItsTimeIsSurvived) {
  Config patient = config();
  patient.set("DEFAULT", "debug", "True")
      .set("ironic", "status_code_retries", "60")
      .set("ironic", "status_code_retry_delay", "0.5");
  begin(patient, {.power_delay = 4});
  const IronicOperator ironic = site_.people();
  const std::string uuid = ironic.enroll({{"ipmi_address", kBmc}});
  ironic.manage(uuid);
  ironic.inspect(uuid);
  // The ramdisk is early: Ironic's reboot still holds the node, for longer than Ironic lets a
  // request wait for that.
  ASSERT_TRUE(waits(uuid));
  EXPECT_EQ(post(api(), report(kBmc, kMac)).status, 200);
  ASSERT_TRUE(ironic.becomes(uuid, "manageable")) << ironic.text(uuid, "last_error");
  expect_found(ironic, uuid);
  EXPECT_NE(log("inspector").find(": 409: "), std::string::npos);
}

TEST_F(RealIronic, MayBootTheNodeItself) {
  begin(config(), {.requires_managed_boot = true});
  const IronicOperator ironic = site_.people();
  const std::string folder = site_.folder();
  for (const char* each : {"kernel", "ramdisk"})
    std::ofstream(site_.folder() / each) << each;
  const std::string uuid = ironic.enroll({{"ipmi_address", kBmc},
                                          {"deploy_kernel", "file://" + folder + "/kernel"},
                                          {"deploy_ramdisk", "file://" + folder + "/ramdisk"}},
                                         {{"boot_interface", "ipxe"}});
  ASSERT_EQ(
      ironic.ask("POST", "/v1/ports", json::object{{"address", kMac}, {"node_uuid", uuid}}).status,
      201);
  ironic.manage(uuid);
  ironic.inspect(uuid);
  EXPECT_TRUE(ironic.powered(uuid, "power on"));
  EXPECT_NE(log("inspector").find("manage_boot=False"), std::string::npos);
  EXPECT_EQ(post(api(), report(kBmc, kMac)).status, 200);
  ASSERT_TRUE(ironic.becomes(uuid, "manageable")) << ironic.text(uuid, "last_error");
  expect_found(ironic, uuid);
  EXPECT_TRUE(ironic.powered(uuid, "power off"));
}

TEST_F(RealIronic, AMachineThatNobodyKnewIsEnrolled) {
  begin(config()
            .set("processing", "node_not_found_hook", "enroll")
            .set("discovery", "enroll_node_driver", "fake-hardware"));
  const IronicOperator ironic = site_.people();
  const Answer answer = post(api(), report(kBmc, kMac));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string uuid(answer.json().at("uuid").as_string());
  EXPECT_EQ(ironic.text(uuid, "provision_state"), "enroll");
  EXPECT_EQ(ironic.node(uuid).at("driver").as_string(), "fake-hardware");
  EXPECT_EQ(ironic.node(uuid).at("driver_info").at("ipmi_address").as_string(), kBmc);
  expect_found(ironic, uuid);
  EXPECT_TRUE(api().get("/v1/introspection/" + uuid).json().at("finished").as_bool());
}

TEST_F(RealIronic, BothSidesAskForAPassword) {
  const std::string users = folder_.path() / "htpasswd";
  support::run({"htpasswd", "-cbB", users, IronicServer::kUser, IronicServer::kPassword});
  start_elsewhere(config()
                      .set("DEFAULT", "auth_strategy", "http_basic")
                      .set("DEFAULT", "http_basic_auth_user_file", users)
                      .set("ironic", "auth_type", "http_basic")
                      .set("ironic", "username", IronicServer::kUser)
                      .set("ironic", "password", IronicServer::kPassword));
  site_.start({.inspector_url = api().url(), .auth = IronicServer::Auth::kBasic});
  site_.sign_in({{"Authorization", "Basic YWRtaW46c2VjcmV0"}});
  const IronicOperator ironic = site_.people();
  EXPECT_EQ(api().get("/v1/introspection").status, 401);
  const std::string uuid = node_under_inspection(ironic);
  EXPECT_EQ(post(api(), report(kBmc, kMac)).status, 200);
  ASSERT_TRUE(ironic.becomes(uuid, "manageable")) << ironic.text(uuid, "last_error");
  expect_found(ironic, uuid);
}

}  // namespace
}  // namespace e2e
