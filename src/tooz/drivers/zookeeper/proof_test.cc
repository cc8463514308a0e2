#include "tooz/drivers/zookeeper/proof.h"

#include <gtest/gtest.h>

namespace tooz::zookeeper {
namespace {

using namespace std::chrono_literals;

constexpr auto kSession = 10s;
const Env::TimePoint kStart{100s};

TEST(ZookeeperProof, ALeaseRenewedEveryThirdOfItsTimeKeepsItsWorth) {
  Proof proof(kStart, kSession);
  const auto lease = Proof::lease(kSession);
  EXPECT_EQ(lease, 6s);
  for (auto sent = kStart; sent < kStart + 1h; sent += lease / 3)
    ASSERT_EQ(proof.answered(sent), lease) << (sent - kStart).count();
}

TEST(ZookeeperProof, AnAnswerProvesOnlyWhatWasSentAQuarterBefore) {
  Proof proof(kStart, kSession);
  EXPECT_EQ(proof.answered(kStart + 4s), 6s);
  EXPECT_EQ(proof.answered(kStart + 6s), 4s) << "the one at 4 s may not have been passed on";
  EXPECT_EQ(proof.answered(kStart + 7s), 6s) << "now it has: 4 + 10 - 7, and no more than a lease";
  EXPECT_EQ(proof.answered(kStart + 13s), 4s) << "7 + 10 - 13";
}

TEST(ZookeeperProof, ALateAnswerIsWorthWhatIsLeftAndNeverLessThanNothing) {
  Proof proof(kStart, kSession);
  EXPECT_EQ(proof.answered(kStart + 8s), 2s);
  EXPECT_EQ(Proof(kStart, kSession).answered(kStart + 11s), 0s);
}

TEST(ZookeeperProof, AServerThatLetsTheSessionInProvesTheMoment) {
  Proof proof(kStart, kSession);
  proof.let_in(kStart + 9s);
  EXPECT_EQ(proof.answered(kStart + 9s), 6s);
  proof.let_in(kStart);
  EXPECT_EQ(proof.answered(kStart + 10s), 6s) << "an older moment takes nothing back";
}

TEST(ZookeeperProof, AskingForALeaseAsksForTheSessionThatItNeeds) {
  EXPECT_EQ(Proof::session(6s), 10s);
  EXPECT_LE(Proof::lease(Proof::session(7s)), 7s);
}

}  // namespace
}  // namespace tooz::zookeeper
