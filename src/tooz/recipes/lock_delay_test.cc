#include <gtest/gtest.h>

#include "tooz/testing/waiter.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;

/// Clients that want 20 s between a lost lock and its next grant.
class LockDelay : public testing::Test {
 protected:
  using Client = TestWorld::Client;
  Client delayed(const std::string& name) {
    TestWorld::Setting setting;
    setting.lock_delay = 20s;
    return world.client(name, setting);
  }
  void run(const std::function<void(const Client& a, const Client& b)>& body) {
    world.env.run([&] { body(delayed("a"), delayed("b")); });
  }
  /// How long after he was told that his is lost `next` waited for his.
  Env::Duration passed(const Client& holder, const Grant& held, const Waiter& next) {
    EXPECT_TRUE(world.eventually(15s, [&] { return held.remaining() == 0s; }));
    const auto lost = world.env.now();
    holder.partition_for(1h);
    EXPECT_TRUE(world.eventually(2min, [&] { return next.done; }));
    return world.env.now() - lost;
  }

  TestWorld world;
};

TEST_F(LockDelay, DoesNotDelayAfterAnOrderlyRelease) {
  run([&](auto& a, auto& b) {
    const auto grant = a.lock("x").try_acquire();
    ASSERT_TRUE(grant);
    Waiter waiter(b);
    world.pass(1s);
    grant->release();
    EXPECT_TRUE(world.eventually(1s, [&] { return waiter.done; }));
    waiter.grant->release();
    EXPECT_TRUE(world.keys("").empty());
    EXPECT_TRUE(a.lock("x").try_acquire());
  });
}

TEST_F(LockDelay, PassesAfterAHolderDied) {
  run([&](auto& a, auto& b) {
    const auto grant = a.lock("x").try_acquire();
    Waiter waiter(b);
    world.pass(1s);
    a.partition_for(1h);
    EXPECT_GE(passed(a, *grant, waiter), 20s);
    EXPECT_GT(waiter.grant->token().number, grant->token().number);
  });
}

TEST_F(LockDelay, PassesForThoseWhoWantNoneThemselves) {
  run([&](auto& a, auto&) {
    const auto c = world.client("c");
    const auto grant = a.lock("x").try_acquire();
    a.partition_for(1h);
    Waiter waiter(c);
    EXPECT_GE(passed(a, *grant, waiter), 20s);
  });
}

TEST_F(LockDelay, PassesAfterALossThatTheHolderSurvives) {
  run([&](auto& a, auto& b) {
    const auto grant = a.lock("x").try_acquire();
    Waiter waiter(b);
    world.pass(1s);
    EXPECT_TRUE(b.lock("x").break_holders());
    EXPECT_TRUE(world.eventually(2s, [&] { return grant->lost().stop_requested(); }));
    const auto lost = world.env.now();
    EXPECT_TRUE(world.eventually(1min, [&] { return waiter.done; }));
    EXPECT_GE(world.env.now() - lost, 20s);
    EXPECT_LE(world.env.now() - lost, 22s);
  });
}

TEST_F(LockDelay, PassesForReadersAndPermits) {
  run([&](auto& a, auto& b) {
    const auto reading = a.shared("x").try_acquire();
    const auto permit = a.semaphore("s", 1).try_acquire();
    ASSERT_TRUE(reading && permit);
    Waiter writer(b);
    Waiter next(b, b.semaphore("s", 1));
    world.pass(1s);
    a.partition_for(1h);
    EXPECT_GE(passed(a, *reading, writer), 20s);
    EXPECT_TRUE(world.eventually(1s, [&] { return next.done; }));
  });
}

}  // namespace
}  // namespace tooz
