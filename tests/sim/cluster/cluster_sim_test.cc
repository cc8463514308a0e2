#include "tests/sim/cluster/world.h"

#include <gtest/gtest.h>

namespace sim {
namespace {

TEST(ClusterSimulation, AnUndisturbedRunFinishesAll) {
  const ClusterRun run = run_cluster(7, {.aborts = 0, .faults = false});
  EXPECT_EQ(run.violation, "");
  EXPECT_GE(run.asked.finished, 24U);
  EXPECT_EQ(run.asked.failed, 0U);
}

TEST(ClusterSimulation, SameSeedIsTheSameRun) {
  const ClusterRun first = run_cluster(42);
  const ClusterRun second = run_cluster(42);
  EXPECT_EQ(first.trace, second.trace);
  EXPECT_EQ(first.steps, second.steps);
}

}  // namespace
}  // namespace sim
