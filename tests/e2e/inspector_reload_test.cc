// The standalone service is told to read its configuration again while it works.
#include "tests/e2e/support/load.h"
#include "tests/e2e/support/standalone_deployment.h"

namespace e2e {
namespace {

using Reload = StandaloneDeployment;

TEST_F(Reload, UnderLoadLosesNoRequestAndNoIntrospection) {
  constexpr int kMachines = 20;
  start();
  begin_machines({.count = kMachines, .boot_time = "500ms", .trouble = {"--latency", "20ms"}});
  Load load(api().url(), 2);
  for (int i = 0; i < kMachines; ++i) {
    ASSERT_EQ(api().start(i).status, 202);
    inspector().signal(SIGHUP);
    if (i == kMachines / 2) write("inspector", config().set("DEFAULT", "debug", "True"));
  }
  EXPECT_TRUE(all_become(api(), kMachines, "finished")) << api().states(kMachines);
  for (const Load::Failure& each : load.end())
    ADD_FAILURE() << each.what;
  EXPECT_GT(load.answered(), 0);
  EXPECT_NE(log("inspector").find("SIGHUP: done"), std::string::npos);
  EXPECT_NE(log("inspector").find(" DEBUG "), std::string::npos);
}

TEST_F(Reload, AConfigurationThatIsWrongChangesNothing) {
  start();
  begin_machines({.count = 1});
  write("inspector", config().set("DEFAULT", "debug", "perhaps"));
  inspector().signal(SIGHUP);
  EXPECT_TRUE(inspector().wait_for_output("SIGHUP: ", kSoon));
  EXPECT_NE(log("inspector").find("perhaps"), std::string::npos);
  ASSERT_EQ(api().start(0).status, 202);
  EXPECT_TRUE(api().becomes(0, "finished")) << api().states(1);
}

}  // namespace
}  // namespace e2e
