// The real Ironic, with an API and a conductor of ours apart.
#include "tests/e2e/ironic/site.h"
#include "tests/e2e/support/cluster_deployment.h"

#include <iostream>

namespace e2e {
namespace {

class SplitIronic : public ClusterDeployment {
 protected:
  void SetUp() override {
    if (!IronicServer::installed()) GTEST_SKIP() << "Ironic is not installed";
    ClusterDeployment::SetUp();
  }
  void TearDown() override {
    ClusterDeployment::TearDown();
    if (HasFailure()) std::cout << "--- Ironic\n" << site_.output();
  }

  Config config(const std::string& host) const override {
    return ClusterDeployment::config(host).set("ironic", "endpoint_override", site_.url());
  }

  IronicSite site_;
};

TEST_F(SplitIronic, ANodeIsInspectedThroughTheApiByTheConductor) {
  const Member conductor = this->conductor("c1");
  const Member api_member = api_process();
  ASSERT_TRUE(finds_conductors());
  site_.start({.inspector_url = api().url()});
  const IronicOperator ironic = site_.people();
  const std::string uuid = node_under_inspection(ironic);
  EXPECT_EQ(post(api(), report(kBmc, kMac)).status, 200);
  ASSERT_TRUE(ironic.becomes(uuid, "manageable")) << ironic.text(uuid, "last_error");
  expect_found(ironic, uuid);
}

}  // namespace
}  // namespace e2e
