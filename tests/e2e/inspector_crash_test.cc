// The standalone service stops, by order and by force, in the middle of its work.
#include "tests/e2e/support/standalone_deployment.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

using Crash = StandaloneDeployment;

TEST_F(Crash, WaitingNodesGoOnAndSoDoStartingOnes) {
  constexpr int kWaiting = 3;
  start();
  // Slow enough for the last start to be under way when the process dies.
  begin_machines({.count = kWaiting + 1, .boot_time = "4s", .trouble = {"--latency", "300ms"}});
  for (int i = 0; i < kWaiting; ++i)
    ASSERT_EQ(api().start(i).status, 202);
  for (int i = 0; i < kWaiting; ++i)
    ASSERT_TRUE(api().becomes(i, "waiting"));
  ASSERT_EQ(api().start(kWaiting).status, 202);
  kill();
  const auto begin = now();
  start();
  note("restart until it serves", since(begin));
  EXPECT_TRUE(all_become(api(), kWaiting + 1, "finished")) << api().states(kWaiting + 1);
  EXPECT_NE(log("inspector").find("An operation is taken over"), std::string::npos);
}

TEST_F(Crash, AReportThatWasBeingProcessedIsProcessedToItsEnd) {
  start();
  begin_machines({.count = 1, .trouble = {"--latency", "400ms"}});
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "processing")) << api().states(1);
  kill();
  start();
  EXPECT_TRUE(api().becomes(0, "finished")) << api().states(1);
}

TEST_F(Crash, WhatWasFinishedAndStoredIsThereAfterAKill) {
  start();
  begin_machines({.count = 1});
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished"));
  const std::string status = api().get(Api::of_node(0)).body;
  const std::string data = api().get(Api::of_node(0) + "/data").body;
  kill();
  start();
  EXPECT_EQ(api().get(Api::of_node(0)).body, status);
  EXPECT_EQ(api().get(Api::of_node(0) + "/data").body, data);
}

TEST_F(Crash, AStopByOrderFinishesWhatWasBegun) {
  start();
  begin_machines({.count = 2, .boot_time = "4s", .trouble = {"--latency", "300ms"}});
  for (int i = 0; i < 2; ++i)
    ASSERT_EQ(api().start(i).status, 202);
  EXPECT_EQ(api().state(1), "starting");
  const auto begin = now();
  EXPECT_EQ(inspector().stop(), 0);
  note("SIGTERM with a start under way", since(begin));
  EXPECT_NE(log("inspector").find("Shut down successfully"), std::string::npos);
  start();
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(api().error(i), "");
  EXPECT_TRUE(all_become(api(), 2, "finished")) << api().states(2);
}

}  // namespace
}  // namespace e2e
