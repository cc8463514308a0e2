#include <gtest/gtest.h>

#include <iostream>
#include <optional>

#include "tests/sim/lock_world.h"
#include "tests/sim/seeds.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

/// The first of `seeds` seeds whose run shows that something is wrong; none: it went unnoticed.
std::optional<std::uint64_t> seed_that_notices(tooz::Flaws flaws, std::uint64_t seeds) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const LockRun run = run_lock_world(seed, 2h, flaws);
    if (run.violation.empty()) continue;
    std::cout << "seed " << seed << ": " << run.violation << '\n';
    return seed;
  }
  return std::nullopt;
}

class LockUnderFaults : public testing::TestWithParam<std::uint64_t> {};

TEST_P(LockUnderFaults, NeverHasTwoLiveTokens) {
  const LockRun run = run_lock_world(GetParam(), 2h);
  EXPECT_EQ(run.violation, "") << "seed " << GetParam();
  // The run is worth nothing unless all this has happened in it.
  EXPECT_GT(run.grants, 100U);
  EXPECT_GT(run.lost_while_held, 0U);
  EXPECT_GT(run.troubles.unreachable, 0U);
  EXPECT_GT(run.troubles.partitions, 0U);
  EXPECT_GT(run.troubles.freezes, 0U);
  EXPECT_GT(run.troubles.calls.lost_requests, 0U);
  EXPECT_GT(run.troubles.calls.lost_replies, 0U);
  EXPECT_GT(run.troubles.calls.late_requests, 0U);
  if (HasFailure())
    tell_replay(GetParam(), "cluster_test --gtest_filter='Seeds/LockUnderFaults.*'");
}

INSTANTIATE_TEST_SUITE_P(Seeds, LockUnderFaults, testing::ValuesIn(seeds(6)));

class SharingUnderFaults : public testing::TestWithParam<std::vector<std::uint64_t>> {
 protected:
  static void expect_good(Sharing sharing) {
    LockRun sum;
    for (const std::uint64_t seed : GetParam()) {
      const LockRun run = run_sharing_world(seed, 20min, sharing);
      EXPECT_EQ(run.violation, "") << "seed " << seed;
      if (!run.violation.empty())
        tell_replay(seed, "cluster_test --gtest_filter='*SharingUnderFaults.*'");
      sum.grants += run.grants;
      sum.lost_while_held += run.lost_while_held;
      sum.troubles.add(run.troubles);
    }
    if (GetParam().size() < 10) return;
    EXPECT_GT(sum.grants, 300U);
    EXPECT_GT(sum.lost_while_held, 10U);
    EXPECT_GT(sum.troubles.unreachable, 10U);
    EXPECT_GT(sum.troubles.calls.lost_replies, 10U);
    EXPECT_GT(sum.troubles.calls.late_requests, 10U);
  }
};

TEST_P(SharingUnderFaults, NoWriterIsBesideAnybodyAndTokensGrow) { expect_good(Sharing::kReaders); }

TEST_P(SharingUnderFaults, NoMorePermitsAreLiveThanThereAre) { expect_good(Sharing::kPermits); }

INSTANTIATE_TEST_SUITE_P(Seeds, SharingUnderFaults,
                         testing::ValuesIn(groups_of_seeds({.by_day = 50, .by_night = 1000})));

TEST(LockSimulation, SameSeedIsTheSameRun) {
  const LockRun first = run_lock_world(42, 20min);
  const LockRun second = run_lock_world(42, 20min);
  EXPECT_EQ(first.trace, second.trace);
  EXPECT_EQ(first.grants, second.grants);
}

// Proofs that the simulation would notice.
TEST(LockSimulation, NoticesALeaseThatAgesFromTheReply) {
  EXPECT_TRUE(seed_that_notices({.stamp_at_reply = true}, 50));
}

TEST(LockSimulation, NoticesALeaseUsedToItsLastMoment) {
  EXPECT_TRUE(seed_that_notices({.no_margin = true}, 50));
}

TEST(LockSimulation, NoticesAReleaseByName) {
  EXPECT_TRUE(seed_that_notices({.release_by_name = true}, 50));
}

TEST(LockSimulation, NoticesThatNobodyLooksAfterALostReply) {
  EXPECT_TRUE(seed_that_notices({.no_look = true}, 50));
}

}  // namespace
}  // namespace sim
