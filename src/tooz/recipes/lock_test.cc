#include <gtest/gtest.h>

#include "tooz/testing/waiter.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
constexpr Env::Duration kZero{};
constexpr std::string_view kQueue = "tooz-cc/lock/x/";

TEST(Lock, CostsOneCallToTakeAndOneToGiveBack) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    client.core->sessions.require();
    const auto before = client.net.counts().calls;
    const auto grant = client.lock("x").try_acquire();
    ASSERT_TRUE(grant);
    EXPECT_EQ(client.net.counts().calls, before + 1);
    grant->release();
    EXPECT_EQ(client.net.counts().calls, before + 2);
    EXPECT_TRUE(world.keys("").empty());
  });
}

TEST(Lock, IsRefusedWhileAnotherHoldsIt) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    ASSERT_TRUE(grant);
    EXPECT_FALSE(b.lock("x").try_acquire());
    EXPECT_FALSE(a.lock("x").try_acquire());
    EXPECT_TRUE(b.lock("y").try_acquire());
    grant->release();
    EXPECT_EQ(grant->remaining(), kZero);
    EXPECT_TRUE(b.lock("x").try_acquire());
  });
}

TEST(Lock, IsGrantedInTheOrderOfArrival) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    auto grant = a.lock("x").try_acquire();
    std::vector<TestWorld::Client> others;
    std::vector<std::unique_ptr<Waiter>> waiters;
    for (const std::string name : {"b", "c", "d", "e"}) {
      others.push_back(world.client(name));
      waiters.push_back(std::make_unique<Waiter>(others.back()));
      world.pass(100ms);
    }
    auto last = grant->token().number;
    grant->release();
    for (std::size_t next = 0; next < waiters.size(); ++next) {
      world.pass(100ms);
      for (std::size_t i = 0; i < waiters.size(); ++i)
        EXPECT_EQ(waiters[i]->done, i <= next);
      ASSERT_TRUE(waiters[next]->grant);
      EXPECT_GT(waiters[next]->grant->token().number, last);
      last = waiters[next]->grant->token().number;
      waiters[next]->grant->release();
    }
    EXPECT_TRUE(world.keys("").empty());
  });
}

TEST(Lock, IsNotOvertakenByANewcomer) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto c = world.client("c");
    const auto grant = a.lock("x").try_acquire();
    Waiter waiter(b);
    world.pass(1s);
    b.process.freeze_until(world.env.now() + 3s);
    grant->release();
    EXPECT_FALSE(c.lock("x").try_acquire());
    world.pass(4s);
    EXPECT_TRUE(waiter.grant);
  });
}

TEST(Lock, WaiterGetsItWhenHolderDies) {
  TestWorld world;
  world.env.run([&] {
    const auto b = world.client("b");
    Revision first = 0;
    auto holder = world.env.process("a").spawn("holder", [&](const std::stop_token&) {
      const auto a = world.client("a");
      const auto grant = a.lock("x").try_acquire();
      first = grant->token().number;
      world.env.process("a").sleep_for(24h, {});
    });
    world.pass(5s);
    world.env.process("a").kill();
    const auto killed = world.env.now();
    const auto grant = b.lock("x").acquire({}, killed + 1min);
    ASSERT_TRUE(grant);
    EXPECT_LE(world.env.now() - killed, 10s);
    EXPECT_GT(grant->token().number, first);
  });
}

TEST(Lock, WaiterBehindADeadWaiterGetsIt) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto c = world.client("c");
    const auto grant = a.lock("x").try_acquire();
    auto dying = world.env.process("b").spawn("waiter", [&](const std::stop_token&) {
      const auto b = world.client("b");
      b.lock("x").acquire({}, Env::TimePoint::max());
    });
    world.pass(1s);
    Waiter waiter(c);
    world.pass(1s);
    world.env.process("b").kill();
    grant->release();
    EXPECT_TRUE(world.eventually(11s, [&] { return waiter.done; }));
  });
}

TEST(Lock, HolderLearnsThatItWasBroken) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    EXPECT_TRUE(b.lock("x").break_holders());
    EXPECT_FALSE(b.lock("x").break_holders());
    EXPECT_TRUE(world.eventually(1s, [&] { return grant->lost().stop_requested(); }));
    EXPECT_EQ(grant->remaining(), kZero);
    const auto next = b.lock("x").try_acquire();
    ASSERT_TRUE(next);
    grant->release();
    EXPECT_EQ(world.keys("/tooz/locks").size(), 1U) << "gave back what was another's";
  });
}

TEST(Lock, WaitEndsAtItsDeadlineAndLeavesNothing) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    const auto deadline = world.env.now() + 3s;
    EXPECT_FALSE(b.lock("x").acquire({}, deadline));
    EXPECT_EQ(world.env.now(), deadline);
    EXPECT_TRUE(world.keys(kQueue).empty());
  });
}

TEST(Lock, WaitEndsWhenStopIsRequestedAndLeavesNothing) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    Waiter waiter(b);
    world.pass(1s);
    EXPECT_EQ(world.keys(kQueue).size(), 1U);
    waiter.stop.request_stop();
    EXPECT_TRUE(world.eventually(1s, [&] { return waiter.done; }));
    EXPECT_FALSE(waiter.grant);
    EXPECT_TRUE(world.keys(kQueue).empty());
  });
}

TEST(Lock, IsHeldWhenOnlyTheAnswerWasLost) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    a.core->sessions.require();
    a.net.set_faults({.lost_reply = 1});
    auto repair = world.env.spawn("repair", [&](const std::stop_token& stop) {
      world.env.sleep_for(1s, stop);
      a.net.set_faults({});
    });
    const auto grant = a.lock("x").try_acquire();
    ASSERT_TRUE(grant);
    EXPECT_EQ(a.net.counts().lost_replies, 1U);
    const auto entry = world.backend()->get("/tooz/locksx");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->created, grant->token().number);
  });
}

TEST(Lock, IsFreeAgainAfterAnAcquireWithoutAnswer) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    a.core->sessions.require();
    a.net.set_faults({.lost_reply = 1});
    EXPECT_THROW(a.lock("x").try_acquire(), Error);
    EXPECT_EQ(world.keys("/tooz/locks").size(), 1U);
    a.net.set_faults({});
    EXPECT_TRUE(world.eventually(5s, [&] { return world.keys("/tooz/locks").empty(); }));
    EXPECT_TRUE(b.lock("x").try_acquire());
  });
}

TEST(Lock, IsGivenBackLaterWhenNobodyAnswers) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    a.partition_for(3s);
    const auto before = world.env.now();
    EXPECT_THROW(grant->release(), Error);
    EXPECT_LE(world.env.now() - before, 2s);
    EXPECT_EQ(grant->remaining(), kZero);
    const auto lease = a.core->sessions.current();
    EXPECT_TRUE(b.lock("x").acquire({}, world.env.now() + 5s));
    EXPECT_EQ(a.core->sessions.current(), lease) << "freed by the end of the lease only";
  });
}

TEST(Lock, LateRequestIsTidiedUp) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    a.core->sessions.require();
    a.net.set_faults({.late_request = 1});
    auto repair = world.env.spawn("repair", [&](const std::stop_token& stop) {
      world.env.sleep_for(1s, stop);
      a.net.set_faults({});
    });
    auto grant = a.lock("x").try_acquire();
    ASSERT_TRUE(grant);
    grant->release();
    world.pass(20s);
    EXPECT_GT(a.net.counts().late_requests, 0U);
    EXPECT_TRUE(world.keys("").empty());
  });
}

TEST(Lock, WaitGoesOnAfterALostLease) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    auto grant = a.lock("x").try_acquire();
    Waiter waiter(b);
    world.pass(1s);
    b.partition_for(30s);
    world.pass(40s);
    EXPECT_FALSE(waiter.done);
    grant->release();
    EXPECT_TRUE(world.eventually(1s, [&] { return waiter.done; }));
    EXPECT_TRUE(waiter.grant);
  });
}

TEST(Lock, WaitThrowsWhenNobodyAnswersAtItsDeadline) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.client("a");
    const auto b = world.client("b");
    const auto grant = a.lock("x").try_acquire();
    auto cut = world.env.spawn("cut", [&](const std::stop_token& stop) {
      world.env.sleep_for(1s, stop);
      b.partition_for(1h);
    });
    EXPECT_THROW(b.lock("x").acquire({}, world.env.now() + 30s), Error);
  });
}

}  // namespace
}  // namespace tooz
