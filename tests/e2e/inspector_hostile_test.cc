// Bad input to running services: the exact answer to each, and nothing is lost.
#include "tests/e2e/support/cluster_deployment.h"
#include "tests/e2e/support/hostile_input.h"
#include "tests/e2e/support/standalone_deployment.h"

namespace e2e {
namespace {

using HostileStandalone = StandaloneDeployment;
using HostileSplit = ClusterDeployment;

constexpr std::string_view kServerError = " status=500";

TEST_F(HostileStandalone, BadInputIsRefusedExactlyAndTheServiceGoesOn) {
  start();
  begin_machines({.count = 2, .boot_time = "8s"});
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  expect_answers_to_bad_bodies(api(), 0);
  expect_answers_to_bad_targets(api());
  expect_answers_to_broken_http(port());
  EXPECT_EQ(api().start(1).text(), "202 {}");
  EXPECT_TRUE(all_become(api(), 2, "finished")) << api().states(2);
  EXPECT_EQ(log("inspector").find(kServerError), std::string::npos);
}

TEST_F(HostileSplit, BadInputIsRefusedExactlyAndTheServiceGoesOn) {
  start_ironic({.count = 2, .boot_time = "8s"}, reserve_api());
  const Member one = conductor("c1");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  expect_answers_to_bad_bodies(api(), 0);
  expect_answers_to_bad_targets(api());
  const std::string& url = api().url();
  expect_answers_to_broken_http(
      static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1))));
  EXPECT_EQ(api().start(1).text(), "202 {}");
  EXPECT_TRUE(all_become(api(), 2, "finished")) << api().states(2);
  EXPECT_EQ(log("api-1").find(kServerError), std::string::npos);
}

}  // namespace
}  // namespace e2e
