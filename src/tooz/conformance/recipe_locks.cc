#include "tooz/conformance/recipe_suite.h"

#include <atomic>

namespace tooz::conformance {
namespace {

using namespace std::chrono_literals;

TEST_P(RecipeConformance, ALockIsGrantedToOneAtATime) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    auto guard = a->lock("x").try_acquire();
    ASSERT_TRUE(guard);
    EXPECT_GT(guard->remaining(), Env::Duration::zero());
    EXPECT_FALSE(guard->lost().stop_requested());
    EXPECT_FALSE(b->lock("x").try_acquire());
    EXPECT_FALSE(a->lock("x").try_acquire()) << "it is not re-entrant";
    EXPECT_TRUE(b->lock("another").try_acquire());
    guard->release();
    EXPECT_EQ(guard->remaining(), Env::Duration::zero());
    EXPECT_TRUE(b->lock("x").try_acquire());
    EXPECT_TRUE(a->lock("x").try_acquire()) << "the last guard was given back by its destructor";
  });
}

TEST_P(RecipeConformance, TokensGrowFromGrantToGrantAndNameTheOrigin) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    Revision last = 0;
    for (int round = 0; round < 3; ++round) {
      for (const auto* each : {&a, &b}) {
        const auto guard = (*each)->lock("x").try_acquire();
        ASSERT_TRUE(guard);
        EXPECT_GT(guard->token().number, last);
        EXPECT_EQ(guard->token().origin, backend->origin());
        last = guard->token().number;
      }
    }
  });
}

TEST_P(RecipeConformance, WaitersAreServedInTheOrderOfTheirArrival) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    const auto c = member("c");
    auto held = a->lock("x").try_acquire();
    ASSERT_TRUE(held);
    Waiter first(env(), b);
    ASSERT_TRUE(waits(1));
    Waiter second(env(), c);
    ASSERT_TRUE(waits(2));
    EXPECT_FALSE(a->lock("x").try_acquire());
    const Revision before = held->token().number;
    held->release();
    ASSERT_TRUE(first.ends());
    ASSERT_TRUE(first.guard);
    EXPECT_GT(first.guard->token().number, before);
    EXPECT_FALSE(a->lock("x").try_acquire()) << "who waits is not overtaken";
    first.guard->release();
    ASSERT_TRUE(second.ends());
    ASSERT_TRUE(second.guard);
    EXPECT_GT(second.guard->token().number, first.guard->token().number);
  });
}

TEST_P(RecipeConformance, AWaiterGivesUpAtItsDeadlineAndLeavesNothing) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    auto held = a->lock("x").try_acquire();
    ASSERT_TRUE(held);
    EXPECT_FALSE(b->lock("x").acquire({}, env().now() + 200ms));
    EXPECT_TRUE(waits(0));
    held->release();
    EXPECT_TRUE(a->lock("x").try_acquire());
  });
}

TEST_P(RecipeConformance, AWaiterThatIsStoppedLeavesItsPlaceToTheNext) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    const auto c = member("c");
    auto held = a->lock("x").try_acquire();
    ASSERT_TRUE(held);
    Waiter first(env(), b);
    ASSERT_TRUE(waits(1));
    Waiter second(env(), c);
    ASSERT_TRUE(waits(2));
    first.stop.request_stop();
    ASSERT_TRUE(first.ends());
    EXPECT_FALSE(first.guard);
    held->release();
    ASSERT_TRUE(second.ends());
    EXPECT_TRUE(second.guard);
  });
}

TEST_P(RecipeConformance, AHolderThatIsGoneIsSucceededAfterItsLease) {
  run([&] {
    const auto b = member("b");
    Revision before = 0;
    std::optional<LockGuard> held;
    {
      const auto a = short_lived("a");
      held = a->lock("x").try_acquire();
      ASSERT_TRUE(held);
      before = held->token().number;
      a.cut_off();
    }
    EXPECT_EQ(held->remaining(), Env::Duration::zero());
    EXPECT_TRUE(held->lost().stop_requested());
    Waiter waiter(env(), b);
    ASSERT_TRUE(waiter.ends());
    ASSERT_TRUE(waiter.guard);
    EXPECT_GT(waiter.guard->token().number, before);
  });
}

TEST_P(RecipeConformance, AHolderThatIsCutOffLearnsThatItIsLostBeforeAnotherHasIt) {
  run([&] {
    const auto a = short_lived("a");
    const auto b = member("b");
    auto held = a->lock("x").try_acquire();
    ASSERT_TRUE(held);
    Waiter waiter(env(), b);
    ASSERT_TRUE(waits(1));
    a.cut_off();
    ASSERT_TRUE(waiter.ends());
    ASSERT_TRUE(waiter.guard);
    EXPECT_EQ(held->remaining(), Env::Duration::zero());
    EXPECT_TRUE(fires(held->lost()));
    EXPECT_LT(held->token().number, waiter.guard->token().number);
    a.heal();
    EXPECT_TRUE(eventually([&] { return a->connected(); }));
    held->release();
    EXPECT_GT(waiter.guard->remaining(), Env::Duration::zero())
        << "the late release is none of the successor's lock";
    EXPECT_FALSE(a->lock("x").try_acquire());
  });
}

TEST_P(RecipeConformance, AWaiterThatIsGoneDoesNotHoldUpTheQueue) {
  run([&] {
    const auto a = member("a");
    const auto c = member("c");
    auto held = a->lock("x").try_acquire();
    ASSERT_TRUE(held);
    {
      const auto b = short_lived("b");
      Waiter dying(env(), b);
      ASSERT_TRUE(waits(1));
      b.cut_off();
      dying.stop.request_stop();
      ASSERT_TRUE(dying.ends());
    }
    Waiter waiter(env(), c);
    held->release();
    ASSERT_TRUE(waiter.ends());
    EXPECT_TRUE(waiter.guard);
  });
}

TEST_P(RecipeConformance, ABrokenLockIsLostToItsHolder) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    EXPECT_FALSE(b->lock("x").break_holder()) << "nobody has it";
    auto held = a->lock("x").try_acquire();
    ASSERT_TRUE(held);
    EXPECT_TRUE(b->lock("x").break_holder());
    EXPECT_TRUE(fires(held->lost()));
    EXPECT_EQ(held->remaining(), Env::Duration::zero());
    const auto next = b->lock("x").acquire({}, env().now() + kLimit);
    ASSERT_TRUE(next);
    held->release();
    EXPECT_FALSE(a->lock("x").try_acquire()) << "it is the successor's";
  });
}

TEST_P(RecipeConformance, ACoordinatorThatEndsGivesItsLocksBack) {
  run([&] {
    const auto b = member("b");
    std::optional<LockGuard> held;
    {
      const auto a = member("a");
      held = a->lock("x").try_acquire();
      ASSERT_TRUE(held);
    }
    EXPECT_TRUE(held->lost().stop_requested());
    EXPECT_TRUE(b->lock("x").acquire({}, env().now() + kLimit));
  });
}

TEST_P(RecipeConformance, FourMembersExcludeEachOther) {
  run([&] {
    std::atomic<int> inside = 0;
    std::atomic<Revision> last = 0;
    std::atomic<int> grants = 0;
    std::vector<Member> members;
    std::vector<std::unique_ptr<Background>> threads;
    for (const auto* name : {"a", "b", "c", "d"}) {
      members.push_back(member(name));
      threads.push_back(std::make_unique<Background>(env(), [&, lock = members.back()->lock("x")] {
        for (int round = 0; round < 5; ++round) {
          const auto guard = Lock(lock).acquire({}, env().now() + 2 * kLimit);
          ASSERT_TRUE(guard);
          EXPECT_EQ(++inside, 1) << "two at once";
          EXPECT_LT(last.exchange(guard->token().number), guard->token().number);
          ++grants;
          --inside;
        }
      }));
    }
    threads.clear();
    EXPECT_EQ(grants, 20);
    EXPECT_TRUE(waits(0));
  });
}

}  // namespace
}  // namespace tooz::conformance
