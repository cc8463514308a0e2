#include "tooz/recipes/session.h"

#include <gtest/gtest.h>

#include "tooz/testing/test_world.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
constexpr Env::Duration kZero{};

Errc code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return static_cast<Errc>(error.code().value());
  }
  return Errc{};
}

TEST(Session, LastsWhileTheBackendAnswers) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    const auto lease = client.core->sessions.require();
    world.pass(1h);
    EXPECT_EQ(client.core->sessions.require()->id(), lease->id());
    EXPECT_GT(lease->remaining(), 5s);
    EXPECT_FALSE(lease->lost().stop_requested());
  });
}

TEST(Session, IsLostToItsUsersBeforeTheBackendGivesItAway) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    const auto lease = client.core->sessions.require();
    const auto backend = world.backend();
    ASSERT_TRUE(backend->create("key", "", lease->id()));
    client.partition_for(1h);
    ASSERT_TRUE(world.eventually(20s, [&] { return lease->lost().stop_requested(); }));
    EXPECT_EQ(lease->remaining(), kZero);
    EXPECT_TRUE(backend->get("key"));
    EXPECT_TRUE(world.eventually(2s, [&] { return !backend->get("key"); }));
  });
}

TEST(Session, IsOverAtTheFirstLookAfterAPause) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    const auto lease = client.core->sessions.require();
    EXPECT_GT(lease->remaining(), kZero);
    client.process.freeze_until(world.env.now() + 60s);
    world.pass(50s);
    EXPECT_EQ(lease->remaining(), kZero);
    EXPECT_FALSE(lease->lost().stop_requested());
    EXPECT_TRUE(world.eventually(20s, [&] { return lease->lost().stop_requested(); }));
  });
}

TEST(Session, AgesFromTheRequestNotFromTheReply) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client(
        "slow", {.lease = 10s, .faults = {.longest_delay = 1s, .timeout = 10s}, .flaws = {}});
    const auto before = world.env.now();
    const auto lease = client.core->sessions.require();
    EXPECT_LE(lease->safe_until(), before + 9s);
  });
}

TEST(Session, IsFollowedByAnotherOne) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    const auto first = client.core->sessions.require();
    client.partition_for(30s);
    world.pass(20s);
    EXPECT_FALSE(client.core->sessions.connected());
    EXPECT_EQ(code_of([&] { client.core->sessions.require(); }), Errc::kUnreachable);
    const auto second = client.core->sessions.wait(world.env.now() + 60s, {});
    ASSERT_TRUE(second);
    EXPECT_NE(second->id(), first->id());
    EXPECT_TRUE(first->lost().stop_requested());
    EXPECT_TRUE(client.core->sessions.connected());
  });
}

TEST(Session, IsClosedWhenItsCoordinatorStops) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    const auto lease = client.core->sessions.require();
    ASSERT_TRUE(world.backend()->create("key", "", lease->id()));
    client.core->shutdown();
    EXPECT_TRUE(lease->lost().stop_requested());
    EXPECT_FALSE(world.backend()->get("key"));
    EXPECT_EQ(code_of([&] { client.core->sessions.require(); }), Errc::kSessionLost);
  });
}

TEST(Session, StopsInBoundedTimeWhenNobodyAnswers) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    client.core->sessions.require();
    client.partition_for(1h);
    world.pass(4s);
    const auto before = world.env.now();
    client.core->shutdown();
    EXPECT_LE(world.env.now() - before, 4s);  // two calls
  });
}

TEST(Session, RequireTellsWhyThereIsNone) {
  TestWorld world;
  world.env.run([&] {
    const auto client = world.client("a");
    client.partition_for(1h);
    EXPECT_EQ(code_of([&] { client.core->sessions.require(); }), Errc::kUnreachable);
    EXPECT_FALSE(client.core->sessions.wait(world.env.now() + 1min, {}));
  });
}

}  // namespace
}  // namespace tooz
