#include <gtest/gtest.h>

#include "tooz/testing/waiter.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;

/// Three processes in one world.
class SharedLock : public testing::Test {
 protected:
  using Client = TestWorld::Client;
  void run(const std::function<void(const Client& a, const Client& b, const Client& c)>& body) {
    world.env.run([&] {
      const auto a = world.client("a");
      const auto b = world.client("b");
      const auto c = world.client("c");
      body(a, b, c);
    });
  }
  bool done(const Waiter& waiter) {
    return world.eventually(2s, [&] { return waiter.done; });
  }

  TestWorld world;
};

TEST_F(SharedLock, IsHeldByManyAndKeepsWritersOut) {
  run([&](auto& a, auto& b, auto& c) {
    const auto one = a.shared("x").try_acquire();
    const auto two = b.shared("x").try_acquire();
    ASSERT_TRUE(one && two);
    EXPECT_FALSE(c.lock("x").try_acquire());
    one->release();
    EXPECT_FALSE(c.lock("x").try_acquire());
    two->release();
    const auto writer = c.lock("x").try_acquire();
    ASSERT_TRUE(writer);
    EXPECT_FALSE(a.shared("x").try_acquire());
    EXPECT_GT(writer->token().number, two->token().number);
    writer->release();
    EXPECT_TRUE(world.keys("").empty());
  });
}

TEST_F(SharedLock, CostsOneWriteAndOneLook) {
  run([&](auto& a, auto&, auto&) {
    a.core->sessions.require();
    const auto before = a.net.counts();
    const auto grant = a.shared("x").try_acquire();
    ASSERT_TRUE(grant);
    grant->release();
    EXPECT_EQ(a.net.counts().writes, before.writes + 2);
    EXPECT_EQ(a.net.counts().reads, before.reads + 1);
  });
}

TEST_F(SharedLock, WriterWhoWaitsIsNotOvertakenByLaterReaders) {
  run([&](auto& a, auto& b, auto& c) {
    const auto reading = a.shared("x").try_acquire();
    Waiter writer(b, b.lock("x"));
    world.pass(1s);
    Waiter late(c, c.shared("x"));
    world.pass(5s);
    EXPECT_FALSE(late.done);
    EXPECT_FALSE(a.shared("x").try_acquire());
    reading->release();
    ASSERT_TRUE(done(writer));
    EXPECT_GT(writer.grant->token().number, reading->token().number);
    world.pass(2s);
    EXPECT_FALSE(late.done);
    writer.grant->release();
    ASSERT_TRUE(done(late));
    EXPECT_GT(late.grant->token().number, writer.grant->token().number);
  });
}

TEST_F(SharedLock, ReadersBehindAWriterGetItTogether) {
  run([&](auto& a, auto& b, auto& c) {
    const auto writing = a.lock("x").try_acquire();
    Waiter one(b, b.shared("x"));
    Waiter two(c, c.shared("x"));
    world.pass(1s);
    EXPECT_FALSE(one.done || two.done);
    writing->release();
    EXPECT_TRUE(done(one) && done(two));
    EXPECT_GT(one.grant->token().number, writing->token().number);
    EXPECT_GT(two.grant->token().number, writing->token().number);
  });
}

TEST_F(SharedLock, WriterWaitsForEveryReaderBeforeHim) {
  run([&](auto& a, auto& b, auto& c) {
    const auto one = a.shared("x").try_acquire();
    const auto two = b.shared("x").try_acquire();
    Waiter writer(c, c.lock("x"));
    world.pass(1s);
    two->release();  // the one whose key he watches
    world.pass(5s);
    EXPECT_FALSE(writer.done);
    one->release();
    EXPECT_TRUE(done(writer));
  });
}

TEST_F(SharedLock, OfADeadReaderEndsWithItsLease) {
  run([&](auto& a, auto& b, auto&) {
    const auto reading = a.shared("x").try_acquire();
    a.partition_for(1h);
    Waiter writer(b, b.lock("x"));
    ASSERT_TRUE(world.eventually(11s, [&] { return writer.done; }));
    EXPECT_TRUE(reading->lost().stop_requested());
    EXPECT_EQ(reading->remaining(), Env::Duration::zero());
  });
}

TEST_F(SharedLock, IsBrokenForAllWhoHoldIt) {
  run([&](auto& a, auto& b, auto& c) {
    const auto one = a.shared("x").try_acquire();
    const auto two = b.shared("x").try_acquire();
    EXPECT_TRUE(c.lock("x").break_holders());
    EXPECT_FALSE(c.lock("x").break_holders());
    EXPECT_TRUE(c.lock("x").try_acquire());
    EXPECT_TRUE(world.eventually(
        2s, [&] { return one->lost().stop_requested() && two->lost().stop_requested(); }));
  });
}

TEST_F(SharedLock, WaitThatEndsLeavesNothing) {
  run([&](auto& a, auto& b, auto&) {
    const auto writing = a.lock("x").try_acquire();
    EXPECT_FALSE(b.shared("x").acquire({}, world.env.now() + 3s));
    writing->release();
    EXPECT_TRUE(world.keys("").empty());
  });
}

}  // namespace
}  // namespace tooz
