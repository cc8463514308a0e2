#include <gtest/gtest.h>

#include "tooz/testing/waiter.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
constexpr Env::Duration kZero{};
constexpr std::string_view kQueue = "tooz-cc/lock/x/";

class LockRecipe : public testing::Test {
 protected:
  using Client = TestWorld::Client;
  void with_one(const std::function<void(const Client& a)>& body) {
    world.env.run([&] { body(world.client("a")); });
  }
  void with_two(const std::function<void(const Client& a, const Client& b)>& body) {
    with_one([&](const Client& a) { body(a, world.client("b")); });
  }

  TestWorld world;
};

TEST_F(LockRecipe, CostsOneCallToTakeAndOneToGiveBack) {
  with_one([&](auto& client) {
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

TEST_F(LockRecipe, IsRefusedWhileAnotherHoldsIt) {
  with_two([&](auto& a, auto& b) {
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

TEST_F(LockRecipe, IsGrantedInTheOrderOfArrival) {
  with_one([&](auto& a) {
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

TEST_F(LockRecipe, IsNotOvertakenByANewcomer) {
  with_two([&](auto& a, auto& b) {
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

TEST_F(LockRecipe, WaiterGetsItWhenHolderDies) {
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

TEST_F(LockRecipe, WaiterBehindADeadWaiterGetsIt) {
  with_one([&](auto& a) {
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

TEST_F(LockRecipe, HolderLearnsThatItWasBroken) {
  with_two([&](auto& a, auto& b) {
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

TEST_F(LockRecipe, WaitEndsAtItsDeadlineAndLeavesNothing) {
  with_two([&](auto& a, auto& b) {
    const auto grant = a.lock("x").try_acquire();
    const auto deadline = world.env.now() + 3s;
    EXPECT_FALSE(b.lock("x").acquire({}, deadline));
    EXPECT_EQ(world.env.now(), deadline);
    EXPECT_TRUE(world.keys(kQueue).empty());
  });
}

TEST_F(LockRecipe, WaitEndsWhenStopIsRequestedAndLeavesNothing) {
  with_two([&](auto& a, auto& b) {
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

TEST_F(LockRecipe, IsHeldWhenOnlyTheAnswerWasLost) {
  with_one([&](auto& a) {
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

TEST_F(LockRecipe, IsFreeAgainAfterAnAcquireWithoutAnswer) {
  with_two([&](auto& a, auto& b) {
    a.core->sessions.require();
    a.net.set_faults({.lost_reply = 1});
    EXPECT_THROW(a.lock("x").try_acquire(), Error);
    EXPECT_EQ(world.keys("/tooz/locks").size(), 1U);
    a.net.set_faults({});
    EXPECT_TRUE(world.eventually(5s, [&] { return world.keys("/tooz/locks").empty(); }));
    EXPECT_TRUE(b.lock("x").try_acquire());
  });
}

TEST_F(LockRecipe, IsGivenBackLaterWhenNobodyAnswers) {
  with_two([&](auto& a, auto& b) {
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

TEST_F(LockRecipe, LateRequestIsTidiedUp) {
  with_one([&](auto& a) {
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

TEST_F(LockRecipe, WaitGoesOnAfterALostLease) {
  with_two([&](auto& a, auto& b) {
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

TEST_F(LockRecipe, WaitThrowsWhenNobodyAnswersAtItsDeadline) {
  with_two([&](auto& a, auto& b) {
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
