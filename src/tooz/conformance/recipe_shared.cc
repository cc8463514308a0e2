// Shared locks and semaphores.
#include "tooz/conformance/recipe_suite.h"

namespace tooz::conformance {
namespace {

using namespace std::chrono_literals;

TEST_P(RecipeConformance, ReadersHoldALockTogetherAndKeepWritersOut) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    auto one = a->lock("x", Mode::kShared).try_acquire();
    auto two = b->lock("x", Mode::kShared).try_acquire();
    ASSERT_TRUE(one && two);
    EXPECT_FALSE(b->lock("x").try_acquire());
    const Revision newest = std::max(one->token().number, two->token().number);
    one->release();
    EXPECT_FALSE(a->lock("x").try_acquire());
    two->release();
    const auto writer = a->lock("x").try_acquire();
    ASSERT_TRUE(writer);
    EXPECT_GT(writer->token().number, newest);
    EXPECT_FALSE(b->lock("x", Mode::kShared).try_acquire());
  });
}

TEST_P(RecipeConformance, AWriterWhoWaitsComesBeforeLaterReadersWhoComeTogether) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    const auto c = member("c");
    const auto d = member("d");
    auto reading = a->lock("x", Mode::kShared).try_acquire();
    ASSERT_TRUE(reading);
    Waiter writer(env(), b);
    ASSERT_TRUE(waits(2)) << "the reader's key and the writer's";
    Waiter one(env(), c, Mode::kShared);
    Waiter two(env(), d, Mode::kShared);
    ASSERT_TRUE(waits(4));
    EXPECT_FALSE(a->lock("x", Mode::kShared).try_acquire());
    reading->release();
    ASSERT_TRUE(writer.ends());
    ASSERT_TRUE(writer.guard);
    EXPECT_GT(writer.guard->token().number, reading->token().number);
    ASSERT_TRUE(waits(2)) << "both still wait";
    writer.guard->release();
    ASSERT_TRUE(one.ends() && two.ends());
    ASSERT_TRUE(one.guard && two.guard);
    EXPECT_GT(one.guard->token().number, writer.guard->token().number);
    EXPECT_GT(two.guard->token().number, writer.guard->token().number);
  });
}

TEST_P(RecipeConformance, AReaderThatIsCutOffDoesNotHoldUpAWriter) {
  run([&] {
    const auto a = short_lived("a");
    const auto b = member("b");
    auto reading = a->lock("x", Mode::kShared).try_acquire();
    ASSERT_TRUE(reading);
    a.cut_off();
    Waiter writer(env(), b);
    ASSERT_TRUE(writer.ends());
    ASSERT_TRUE(writer.guard);
    EXPECT_EQ(reading->remaining(), Env::Duration::zero());
    EXPECT_TRUE(fires(reading->lost()));
    EXPECT_LT(reading->token().number, writer.guard->token().number);
  });
}

TEST_P(RecipeConformance, ASemaphoreHasSoManyPermitsAndServesInOrder) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    const auto c = member("c");
    auto one = a->semaphore("s", 2).try_acquire();
    auto two = b->semaphore("s", 2).try_acquire();
    ASSERT_TRUE(one && two);
    EXPECT_GT(two->token().number, one->token().number);
    EXPECT_FALSE(c->semaphore("s", 2).try_acquire());
    EXPECT_EQ(error_of([&] { c->semaphore("s", 3).try_acquire(); }), Errc::kOtherPermits);
    std::optional<LockGuard> first;
    std::optional<LockGuard> second;
    const auto wait = [&](std::optional<LockGuard>& guard) {
      return [&guard, this, s = c->semaphore("s", 2)]() mutable {
        guard = s.acquire({}, env().now() + kLimit);
      };
    };
    Background early(env(), wait(first));
    ASSERT_TRUE(stand("tooz-cc/semaphore/s/", 3));
    Background late(env(), wait(second));
    ASSERT_TRUE(stand("tooz-cc/semaphore/s/", 4));
    two->release();
    ASSERT_TRUE(early.ends_within(kLimit));
    ASSERT_TRUE(first);
    EXPECT_FALSE(late.ends_within(100ms));
    one->release();
    ASSERT_TRUE(late.ends_within(kLimit));
    ASSERT_TRUE(second);
    EXPECT_GT(second->token().number, first->token().number);
  });
}

TEST_P(RecipeConformance, APermitOfOneWhoIsGoneIsFreeAfterItsLease) {
  run([&] {
    const auto a = short_lived("a");
    const auto b = member("b");
    auto held = a->semaphore("s", 1).try_acquire();
    ASSERT_TRUE(held);
    a.cut_off();
    const auto next = b->semaphore("s", 1).acquire({}, env().now() + kLimit);
    ASSERT_TRUE(next);
    EXPECT_EQ(held->remaining(), Env::Duration::zero());
    EXPECT_GT(next->token().number, held->token().number);
  });
}

TEST_P(RecipeConformance, APartitionFollowsItsMembers) {
  run([&] {
    const auto a = member("node-a");
    const auto b = member("node-b");
    const auto c = member("node-c");
    ASSERT_TRUE(a->create_group("g"));
    const auto partition = c->partition("g");
    const auto nothing = partition->share();
    ASSERT_TRUE(a->join("g", nullptr));
    ASSERT_TRUE(b->join("g", nullptr));
    ASSERT_TRUE(c->join("g", nullptr));
    std::stop_source late;
    const auto clock = env().spawn("deadline", [&](const std::stop_token& stop) {
      if (env().sleep_for(kLimit, stop)) late.request_stop();
    });
    const auto mine = partition->next_share(nothing, late.get_token());
    EXPECT_GT(mine.fraction, 0);
    EXPECT_TRUE(eventually([&] { return partition->owner("foo") == "node-b"; }));
    EXPECT_TRUE(eventually([&] { return partition->owner("192.168.0.1") == "node-a"; }));
    EXPECT_EQ(partition->owner("hello"), "node-b");
    ASSERT_TRUE(b->leave("g"));
    EXPECT_TRUE(eventually([&] { return partition->owner("hello") != "node-b"; }));
  });
}

}  // namespace
}  // namespace tooz::conformance
