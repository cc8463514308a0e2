#include <gtest/gtest.h>

#include "tests/sim/group_world.h"
#include "tests/sim/seeds.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

class GroupUnderFaults : public testing::TestWithParam<std::uint64_t> {};

TEST_P(GroupUnderFaults, AllAgreeTwoLeasesAfterTheFaultsEnd) {
  const GroupRun run = run_group_world(GetParam(), 30min);
  EXPECT_EQ(run.violation, "") << "seed " << GetParam();
  // The run is worth nothing unless all this has happened in it.
  EXPECT_GT(run.joins, 20U);
  EXPECT_GT(run.leaves, 20U);
  EXPECT_GT(run.rejoined, 0U);
  EXPECT_GT(run.unreachable, 0U);
  const bool tells = GetParam() % 2 == 0;  // the driver tells what happened
  EXPECT_TRUE(tells || run.gaps > 0);
  if (HasFailure())
    tell_replay(GetParam(), "cluster_test --gtest_filter='Seeds/GroupUnderFaults.*'");
}

INSTANTIATE_TEST_SUITE_P(Seeds, GroupUnderFaults, testing::ValuesIn(seeds(4)));

}  // namespace
}  // namespace sim
