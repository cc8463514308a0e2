#include <gtest/gtest.h>

#include "tooz/testing/waiter.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;

class SemaphoreTest : public testing::Test {
 protected:
  using Client = TestWorld::Client;
  void run(const std::function<void(const Client& a, const Client& b)>& body) {
    world.env.run([&] {
      const auto a = world.client("a");
      const auto b = world.client("b");
      body(a, b);
    });
  }
  bool done(const Waiter& waiter) {
    return world.eventually(2s, [&] { return waiter.done; });
  }

  TestWorld world;
};

TEST_F(SemaphoreTest, GrantsAsManyPermitsAsThereAre) {
  run([&](auto& a, auto& b) {
    const auto one = a.semaphore("s", 2).try_acquire();
    const auto two = b.semaphore("s", 2).try_acquire();
    ASSERT_TRUE(one && two);
    EXPECT_GT(two->token().number, one->token().number);
    EXPECT_FALSE(a.semaphore("s", 2).try_acquire());
    EXPECT_TRUE(a.semaphore("another", 2).try_acquire());
    one->release();
    EXPECT_EQ(one->remaining(), Env::Duration::zero());
    const auto three = b.semaphore("s", 2).try_acquire();
    ASSERT_TRUE(three);
    EXPECT_GT(three->token().number, two->token().number);
    two->release();
    three->release();
    EXPECT_TRUE(world.keys("").empty());
  });
}

TEST_F(SemaphoreTest, ServesWaitersInTheOrderOfTheirArrival) {
  run([&](auto& a, auto&) {
    const auto one = a.semaphore("s", 2).try_acquire();
    const auto two = a.semaphore("s", 2).try_acquire();
    std::vector<Client> others;
    std::vector<std::unique_ptr<Waiter>> waiters;
    for (const std::string name : {"c", "d", "e"}) {
      others.push_back(world.client(name));
      waiters.push_back(std::make_unique<Waiter>(others.back(), others.back().semaphore("s", 2)));
      world.pass(100ms);
    }
    EXPECT_FALSE(a.semaphore("s", 2).try_acquire());
    two->release();
    ASSERT_TRUE(done(*waiters[0]));
    world.pass(1s);
    EXPECT_FALSE(waiters[1]->done || waiters[2]->done);
    one->release();
    ASSERT_TRUE(done(*waiters[1]));
    waiters[0]->grant->release();
    ASSERT_TRUE(done(*waiters[2]));
    EXPECT_GT(waiters[2]->grant->token().number, waiters[1]->grant->token().number);
  });
}

TEST_F(SemaphoreTest, PassesOnWhenAWaiterGivesUpOrDies) {
  run([&](auto& a, auto& b) {
    const auto held = a.semaphore("s", 1).try_acquire();
    const auto c = world.client("c");
    const auto d = world.client("d");
    Waiter first(b, b.semaphore("s", 1));
    world.pass(100ms);
    Waiter second(c, c.semaphore("s", 1));
    world.pass(100ms);
    Waiter third(d, d.semaphore("s", 1));
    world.pass(100ms);
    first.stop.request_stop();
    ASSERT_TRUE(done(first));
    EXPECT_FALSE(first.grant);
    c.partition_for(1h);
    held->release();
    EXPECT_TRUE(world.eventually(12s, [&] { return third.done; }));
    second.stop.request_stop();
  });
}

TEST_F(SemaphoreTest, IsRefusedWithAnotherNumberOfPermits) {
  run([&](auto& a, auto& b) {
    const auto held = a.semaphore("s", 2).try_acquire();
    for (const std::size_t other : {1, 3}) {
      EXPECT_THROW(b.semaphore("s", other).try_acquire(), Error);
      EXPECT_THROW(b.semaphore("s", other).acquire({}, world.env.now() + 1s), Error);
    }
    EXPECT_TRUE(b.semaphore("s", 2).try_acquire());
    held->release();
    EXPECT_TRUE(b.semaphore("s", 3).try_acquire()) << "nobody uses it any more";
  });
}

TEST_F(SemaphoreTest, PermitIsLostWithTheLeaseAndWhenBroken) {
  run([&](auto& a, auto& b) {
    const auto one = a.semaphore("s", 1).try_acquire();
    EXPECT_TRUE(b.semaphore("s", 1).break_holders());
    EXPECT_TRUE(world.eventually(2s, [&] { return one->lost().stop_requested(); }));
    const auto two = a.semaphore("s", 1).try_acquire();
    ASSERT_TRUE(two);
    a.partition_for(1h);
    const auto next = b.semaphore("s", 1).acquire({}, world.env.now() + 12s);
    ASSERT_TRUE(next);
    EXPECT_TRUE(two->lost().stop_requested());
    EXPECT_GT(next->token().number, two->token().number);
  });
}

TEST_F(SemaphoreTest, PlacesThatCannotBeReadDoNotCount) {
  run([&](auto& a, auto&) {
    world.backend()->create("tooz-cc/semaphore/s/p-0", "nonsense", SessionId::kNone);
    world.backend()->create("tooz-cc/semaphore/s/other", "1 x", SessionId::kNone);
    EXPECT_TRUE(a.semaphore("s", 1).try_acquire());
  });
}

}  // namespace
}  // namespace tooz
