#include <gtest/gtest.h>

#include "tooz/testing/test_world.h"
#include "tooz/value.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

/// The creation revision of the member's key; 0: it is not there.
Revision incarnation(TestWorld& world, const std::string& member) {
  const auto entry = world.backend()->get("tooz/groups/g/" + member);
  return entry ? entry->created : 0;
}

TEST(Membership, EndsWithTheLeaseOfAKilledMember) {
  TestWorld world;
  world.env.run([&] {
    const auto watcher = world.member("watcher");
    watcher->create_group("g");
    auto thread = world.env.process("a").spawn("main", [&](const std::stop_token&) {
      const auto a = world.member("a");
      a->join("g", nullptr);
      a.process.sleep_for(24h, {});
    });
    watcher->next_change("g", {});
    world.env.process("a").kill();
    const auto killed = world.env.now();
    EXPECT_EQ(TestWorld::ids(watcher->next_change("g", {}).left), Names{"a"});
    EXPECT_LE(world.env.now() - killed, 10s);
  });
}

TEST(Membership, IsTakenOverAtOnceFromADeadProcessOfThisHost) {
  TestWorld world;
  world.env.run([&] {
    const auto other = world.member("other");
    other->create_group("g");
    auto thread = world.env.process("old").spawn("main", [&](const std::stop_token&) {
      const auto a = world.node({"old", "a"});
      a->join("g", nullptr);
      a.process.sleep_for(24h, {});
    });
    world.pass(2s);
    const Revision first = incarnation(world, "a");
    ASSERT_NE(first, 0);
    world.env.process("old").kill();
    const auto again = world.node({"new", "a"});
    const auto before = world.env.now();
    EXPECT_TRUE(again->join("g", nullptr));
    EXPECT_LE(world.env.now() - before, 1s);
    EXPECT_GT(incarnation(world, "a"), first);
    world.pass(30s);
    EXPECT_NE(incarnation(world, "a"), 0);
  });
}

TEST(Membership, IsRefusedAtOnceWhileALiveProcessOfThisHostHasTheId) {
  TestWorld world;
  world.env.run([&] {
    const auto first = world.node({"first", "a"});
    const auto second = world.node({"second", "a"});
    first->create_group("g");
    ASSERT_TRUE(first->join("g", 1));
    const Revision before = incarnation(world, "a");
    const auto asked = world.env.now();
    EXPECT_FALSE(second->join("g", 2));
    EXPECT_LE(world.env.now() - asked, 1s);
    world.pass(1min);
    EXPECT_EQ(incarnation(world, "a"), before);
  });
}

TEST(Membership, WaitsForTheLeaseOfADeadProcessElsewhere) {
  TestWorld world;
  world.env.run([&] {
    const auto second = world.node({"second", "a", "there"});
    second->create_group("g");
    auto thread = world.env.process("first").spawn("main", [&](const std::stop_token&) {
      const auto a = world.node({"first", "a", "here"});
      a->join("g", nullptr);
      a.process.sleep_for(24h, {});
    });
    world.pass(5s);
    world.env.process("first").kill();
    EXPECT_TRUE(second->join("g", nullptr));
    EXPECT_NE(incarnation(world, "a"), 0);
  });
}

TEST(Membership, IsRefusedAfterALeaseWhileALiveProcessElsewhereHasTheId) {
  TestWorld world;
  world.env.run([&] {
    const auto first = world.node({"first", "a", "here"});
    const auto second = world.node({"second", "a", "there"});
    first->create_group("g");
    ASSERT_TRUE(first->join("g", nullptr));
    const auto asked = world.env.now();
    EXPECT_FALSE(second->join("g", nullptr));
    EXPECT_GE(world.env.now() - asked, 10s);
    EXPECT_LE(world.env.now() - asked, 12s);
  });
}

TEST(Membership, IsRefusedWhileAMemberWithoutARecordHasTheId) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    a->create_group("g");
    world.backend()->create("tooz/groups/g/a", "\x80", SessionId::kNone);
    EXPECT_FALSE(a->join("g", nullptr));
    EXPECT_TRUE(world.keys("tooz-cc/").empty());
  });
}

TEST(Membership, ReturnsByItselfAfterALostLease) {
  TestWorld world;
  world.env.run([&] {
    int rejoined = 0;
    const auto a = world.node({"a", "a"}, [&](const Lost&) { ++rejoined; });
    a->create_group("g");
    a->create_group("h");
    a->join("g", 1);
    a->join("h", 2);
    a->update_capabilities("h", 3);
    const Revision before = incarnation(world, "a");
    a.partition_for(30s);
    world.pass(20s);
    EXPECT_EQ(incarnation(world, "a"), 0);
    EXPECT_EQ(rejoined, 0);
    EXPECT_TRUE(world.eventually(20s, [&] { return rejoined == 1; }));
    EXPECT_GT(incarnation(world, "a"), before);
    EXPECT_EQ(world.backend()->get("tooz/groups/h/a")->value, "\x03");
    world.pass(1min);
    EXPECT_EQ(rejoined, 1);
    EXPECT_TRUE(a->leave("g"));
    EXPECT_EQ(incarnation(world, "a"), 0);
  });
}

TEST(Membership, ReturnsAfterAPause) {
  TestWorld world;
  world.env.run([&] {
    int rejoined = 0;
    const auto a = world.node({"a", "a"}, [&](const Lost&) { ++rejoined; });
    a->create_group("g");
    a->join("g", nullptr);
    a.process.freeze_until(world.env.now() + 9500ms);  // lost to us, not yet to the backend
    EXPECT_TRUE(world.eventually(20s, [&] { return rejoined == 1; }));
    EXPECT_NE(incarnation(world, "a"), 0);
  });
}

TEST(Membership, ReturnsToAGroupThatIsGone) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    a->create_group("g");
    a->join("g", nullptr);
    a.partition_for(30s);
    world.pass(20s);
    EXPECT_TRUE(b->remove_group("g"));
    world.pass(30s);
    EXPECT_EQ(TestWorld::ids(b->view("g").members), Names{"a"});
  });
}

TEST(Membership, JoinWithoutAnswerLeavesNothing) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    a->create_group("g");
    a->join("g", nullptr);
    a->create_group("h");
    a.net.set_faults({.lost_reply = 1});
    EXPECT_THROW(a->join("h", nullptr), Error);
    a.net.set_faults({});
    EXPECT_TRUE(world.eventually(
        5s, [&] { return world.keys("tooz/groups/h/") == Names{"tooz/groups/h/"}; }));
    EXPECT_TRUE(a->join("h", nullptr));
    world.pass(1min);
    EXPECT_EQ(world.keys("tooz/groups/h/").size(), 2U);
  });
}

TEST(Membership, LeaveWithoutAnswerIsCompletedLater) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    a->create_group("g");
    a->join("g", nullptr);
    a.partition_for(4s);
    EXPECT_THROW(a->leave("g"), Error);
    EXPECT_TRUE(world.eventually(6s, [&] { return incarnation(world, "a") == 0; }));
    world.pass(1min);
    EXPECT_EQ(incarnation(world, "a"), 0);
  });
}

TEST(Membership, EndsWithItsCoordinator) {
  TestWorld world;
  world.env.run([&] {
    auto a = world.member("a");
    a->create_group("g");
    a->join("g", nullptr);
    a.coordinator.reset();
    EXPECT_EQ(world.keys(""), Names{"tooz/groups/g/"});
  });
}

TEST(Membership, CoordinatorEndsInBoundedTimeWhenNobodyAnswers) {
  TestWorld world;
  world.env.run([&] {
    auto a = world.member("a");
    a->create_group("g");
    a->join("g", nullptr);
    a->view("g");
    a.partition_for(1h);
    world.pass(20s);
    const auto before = world.env.now();
    a.coordinator.reset();
    EXPECT_LE(world.env.now() - before, 4s);
  });
}

}  // namespace
}  // namespace tooz
