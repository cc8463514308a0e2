#include "inspector/conductor/node_locks.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <vector>

namespace inspector {
namespace {

using base::Env;

class LocalNodeLocks : public testing::Test {
 protected:
  Env& env_ = base::system_env();
  std::unique_ptr<NodeLocks> locks_ = local_node_locks(env_);
};

TEST_F(LocalNodeLocks, OneHoldsANodeAtATime) {
  std::optional<NodeLock> first = locks_->try_acquire("a");
  ASSERT_TRUE(first);
  EXPECT_FALSE(locks_->try_acquire("a"));
  EXPECT_TRUE(locks_->try_acquire("b"));
  first.reset();
  EXPECT_TRUE(locks_->try_acquire("a"));
}

TEST_F(LocalNodeLocks, TokensOfOneOriginGrow) {
  const tooz::Token first = locks_->try_acquire("a")->token();
  const tooz::Token second = locks_->try_acquire("b")->token();
  EXPECT_EQ(first.origin, second.origin);
  EXPECT_LT(first.number, second.number);
}

TEST_F(LocalNodeLocks, AnotherStartHasAnotherOrigin) {
  const auto later = local_node_locks(env_);
  EXPECT_NE(locks_->try_acquire("a")->token().origin, later->try_acquire("a")->token().origin);
}

TEST_F(LocalNodeLocks, AWaiterGivesUpAtItsDeadlineAndLeavesTheLockUsable) {
  std::optional<NodeLock> held = locks_->try_acquire("a");
  EXPECT_FALSE(locks_->acquire("a", env_.now(), {}));
  held.reset();
  EXPECT_TRUE(locks_->acquire("a", env_.now(), {}));
}

TEST_F(LocalNodeLocks, AStoppedWaiterReturnsAtOnce) {
  const std::optional<NodeLock> held = locks_->try_acquire("a");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(locks_->acquire("a", Env::TimePoint::max(), stop.get_token()));
}

TEST(LocalNodeLocksQueue, WaitersAreServedInTheOrderOfArrival) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    sim::SimEnv env(seed);
    std::vector<int> served;
    env.run([&] {
      const auto locks = local_node_locks(env);
      std::optional<NodeLock> held = locks->try_acquire("a");
      std::vector<std::unique_ptr<Env::Thread>> threads;
      for (int i = 0; i < 5; ++i) {
        threads.push_back(env.spawn("waiter", [&, i](const std::stop_token& stop) {
          const auto lock = locks->acquire("a", env.now() + std::chrono::hours(1), stop);
          ASSERT_TRUE(lock);
          served.push_back(i);
        }));
        env.sleep_for(std::chrono::seconds(1), {});
      }
      held.reset();
      env.sleep_for(std::chrono::seconds(1), {});
    });
    EXPECT_EQ(served, (std::vector<int>{0, 1, 2, 3, 4}));
  }
}

}  // namespace
}  // namespace inspector
