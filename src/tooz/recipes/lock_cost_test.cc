// What locks cost, counted in requests to the backend.
#include <gtest/gtest.h>

#include "tooz/testing/waiter.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;

class LockCost : public testing::Test {
 protected:
  void run(const std::function<void()>& body) { world.env.run(body); }

  TestWorld world;
};

TEST_F(LockCost, FreeLocksTakenAndGivenBackAreTwoWritesEachAndNothingElse) {
  run([&] {
    const auto a = world.client("a");
    a.core->sessions.require();
    const auto before = a.net.counts();
    for (int i = 0; i < 100; ++i) {
      const auto grant = a.lock("x").try_acquire();
      ASSERT_TRUE(grant);
      world.pass(10ms);
      grant->release();
    }
    const auto now = a.net.counts();
    EXPECT_EQ(now.writes, before.writes + 200);
    EXPECT_EQ(now.calls, before.calls + 200);
  });
}

TEST_F(LockCost, HeldLocksCostRenewalsOnly) {
  run([&] {
    const auto a = world.client("a");
    std::vector<std::unique_ptr<Grant>> grants;
    for (int i = 0; i < 1000; ++i)
      grants.push_back(a.lock("held-" + std::to_string(i)).try_acquire());
    world.pass(20s);
    const auto before = a.net.counts();
    world.pass(60s);
    const auto now = a.net.counts();
    EXPECT_LE(now.renewals - before.renewals, 18U) << "one in a third of the lease";
    EXPECT_EQ(now.calls - before.calls, now.renewals - before.renewals);
    for (const auto& grant : grants)
      ASSERT_GT(grant->remaining(), 0s);
  });
}

TEST_F(LockCost, BrokenLockAmongManyIsNoticed) {
  run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    std::vector<std::unique_ptr<Grant>> grants;
    for (int i = 0; i < 50; ++i)
      grants.push_back(a.lock("held-" + std::to_string(i)).try_acquire());
    world.pass(5s);
    for (const int broken : {7, 23, 49}) {
      EXPECT_TRUE(b.lock("held-" + std::to_string(broken)).break_holders());
      const auto& lost = grants[static_cast<std::size_t>(broken)];
      EXPECT_TRUE(world.eventually(1500ms, [&] { return lost->lost().stop_requested(); }));
    }
    for (std::size_t i = 0; i < grants.size(); ++i)
      EXPECT_EQ(grants[i]->lost().stop_requested(), i == 7 || i == 23 || i == 49) << i;
  });
}

/// `waiters` of them stand in the queue; counts what all of them ask for in ten hand-overs.
sim::FaultyBackend::Counts ten_hand_overs(TestWorld& world, int waiters) {
  std::vector<TestWorld::Client> clients;
  std::vector<std::unique_ptr<Waiter>> waiting;
  sim::FaultyBackend::Counts spent;
  const auto total = [&] {
    sim::FaultyBackend::Counts sum;
    for (const auto& client : clients) {
      const auto counts = client.net.counts();
      sum.writes += counts.writes;
      sum.reads += counts.reads;
      sum.waits += counts.waits;
    }
    return sum;
  };
  world.env.run([&] {
    clients.push_back(world.client("holder"));
    auto grant = clients.front().lock("x").try_acquire();
    for (int i = 0; i < waiters; ++i) {
      clients.push_back(world.client("w" + std::to_string(i)));
      waiting.push_back(std::make_unique<Waiter>(clients.back()));
      world.pass(10ms);
    }
    world.pass(2s);
    const auto before = total();
    for (int i = 0; i < 10; ++i) {
      grant->release();
      world.pass(100ms);
      grant = std::move(waiting[static_cast<std::size_t>(i)]->grant);
      ASSERT_TRUE(grant);
    }
    const auto after = total();
    spent.writes = after.writes - before.writes;
    spent.reads = after.reads - before.reads;
    spent.waits = after.waits - before.waits;
    grant.reset();
    for (auto& waiter : waiting)
      waiter->stop.request_stop();
    waiting.clear();
    clients.clear();
  });
  return spent;
}

TEST_F(LockCost, HandOverCostsTheSameBehindTenAndBehindAHundredWaiters) {
  TestWorld small(1);
  TestWorld large(2);
  const auto few = ten_hand_overs(small, 12);
  const auto many = ten_hand_overs(large, 100);
  EXPECT_EQ(few.writes, 30U) << "given back, taken, left the queue";
  EXPECT_EQ(many.writes, few.writes);
  EXPECT_EQ(few.reads, 10U) << "the next one looks once who has it";
  EXPECT_EQ(many.reads, few.reads);
  EXPECT_EQ(few.waits, 10U);
  EXPECT_EQ(many.waits, few.waits);
}

TEST_F(LockCost, HandOverIsOneTransactionOfTheNext) {
  run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    Waiter waiter(b);
    world.pass(1s);
    const auto before = b.net.counts();
    grant->release();
    ASSERT_TRUE(world.eventually(1s, [&] { return waiter.done; }));
    const auto now = b.net.counts();
    EXPECT_LE(now.writes, before.writes + 2) << "taken, and left the queue behind his back";
    EXPECT_EQ(now.reads, before.reads);
  });
}

}  // namespace
}  // namespace tooz
