#include <gtest/gtest.h>

#include "tooz/testing/test_world.h"
#include "tooz/value.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

Errc code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return static_cast<Errc>(error.code().value());
  }
  return Errc{};
}

class GroupRecipe : public testing::Test {
 protected:
  using Node = TestWorld::Node;
  void with_one(const std::function<void(const Node& a)>& body) {
    world.env.run([&] { body(world.member("a")); });
  }
  void with_two(const std::function<void(const Node& a, const Node& b)>& body) {
    with_one([&](const Node& a) { body(a, world.member("b")); });
  }

  TestWorld world;
};

TEST_F(GroupRecipe, IsMadeListedAndRemoved) {
  with_one([&](auto& a) {
    EXPECT_TRUE(a->create_group("g"));
    EXPECT_FALSE(a->create_group("g"));
    EXPECT_TRUE(a->create_group("h"));
    ASSERT_TRUE(a->join("g", nullptr));
    EXPECT_EQ(a->groups(), (Names{"g", "h"}));
    EXPECT_FALSE(a->remove_group("g")) << "not empty";
    EXPECT_TRUE(a->remove_group("h"));
    EXPECT_FALSE(a->remove_group("h"));
    EXPECT_TRUE(a->leave("g"));
    EXPECT_TRUE(a->remove_group("g"));
    EXPECT_TRUE(world.keys("").empty());
  });
}

TEST_F(GroupRecipe, KeysAndValuesAreThoseOfPython) {
  with_two([&](auto& a, auto& b) {
    a->create_group("g");
    a->join("g", Value::Map{{"weight", 2}});
    b->join("g", nullptr);
    EXPECT_EQ(world.keys("tooz/"), (Names{"tooz/groups/g/", "tooz/groups/g/a", "tooz/groups/g/b"}));
    const auto backend = world.backend();
    EXPECT_EQ(backend->get("tooz/groups/g/")->value, "tooz/groups/g/");
    EXPECT_EQ(backend->get("tooz/groups/g/a")->value, "\x81\xa6weight\x02");
    EXPECT_EQ(backend->get("tooz/groups/g/b")->value, "\x80");
  });
}

TEST_F(GroupRecipe, ViewFollowsItsMembers) {
  with_two([&](auto& a, auto& b) {
    EXPECT_EQ(code_of([&] { a->view("g"); }), Errc::kNoSuchGroup);
    EXPECT_EQ(code_of([&] { a->join("g", nullptr); }), Errc::kNoSuchGroup);
    a->create_group("g");
    EXPECT_TRUE(a->view("g").members.empty());
    b->join("g", 1);
    a->join("g", "text");
    const View view = a->view("g");
    EXPECT_EQ(TestWorld::ids(view.members), (Names{"a", "b"}));
    EXPECT_EQ(*view.members[1].capabilities, Value(1));
    EXPECT_TRUE(b->update_capabilities("g", 2));
    EXPECT_TRUE(
        world.eventually(1s, [&] { return *a->view("g").members[1].capabilities == Value(2); }));
    EXPECT_TRUE(b->leave("g"));
    EXPECT_FALSE(b->leave("g"));
    EXPECT_FALSE(b->update_capabilities("g", 3));
    EXPECT_TRUE(world.eventually(1s, [&] { return a->view("g").members.size() == 1; }));
  });
}

TEST_F(GroupRecipe, ViewCostsNothingAfterTheFirstAndLastsWhileTheBackendIsAway) {
  with_two([&](auto& a, auto& b) {
    a->create_group("g");
    b->join("g", nullptr);
    EXPECT_EQ(a->view("g").members.size(), 1U);
    const auto calls = a.net.counts().calls;
    for (int i = 0; i < 100; ++i)
      a->view("g");
    EXPECT_LE(a.net.counts().calls, calls + 2) << "the watch itself may have called";
    a.partition_for(1h);
    world.pass(1min);
    const View view = a->view("g");
    EXPECT_EQ(view.members.size(), 1U);
    EXPECT_LE(view.as_of, world.env.now() - 50s);
  });
}

TEST_F(GroupRecipe, ChangesLeadFromViewToView) {
  world.env.run([&] {
    const auto watcher = world.member("watcher");
    const auto a = world.member("a");
    const auto b = world.member("b");
    a->create_group("g");
    a->join("g", nullptr);
    auto change = watcher->next_change("g", {});
    EXPECT_EQ(TestWorld::ids(change.joined), Names{"a"});
    b->join("g", nullptr);
    change = watcher->next_change("g", {});
    EXPECT_EQ(TestWorld::ids(change.joined), Names{"b"});
    EXPECT_TRUE(change.left.empty());
    a->update_capabilities("g", 5);
    change = watcher->next_change("g", {});
    EXPECT_EQ(TestWorld::ids(change.changed), Names{"a"});
    EXPECT_FALSE(change.gap);
  });
}

TEST_F(GroupRecipe, WhoLeftAndCameBackIsReportedAsBoth) {
  world.env.run([&] {
    const auto watcher = world.member("watcher");
    const auto a = world.member("a");
    a->create_group("g");
    a->join("g", nullptr);
    watcher->next_change("g", {});
    watcher.process.freeze_until(world.env.now() + 2s);
    a->leave("g");
    a->join("g", nullptr);
    const auto change = watcher->next_change("g", {});
    EXPECT_EQ(TestWorld::ids(change.left), Names{"a"});
    EXPECT_EQ(TestWorld::ids(change.joined), Names{"a"});
    EXPECT_LT(change.left.front().incarnation, change.joined.front().incarnation);
  });
}

TEST_F(GroupRecipe, WaitForAChangeEndsWhenStopIsRequested) {
  with_one([&](auto& a) {
    std::stop_source stop;
    auto later = world.env.spawn("later", [&](const std::stop_token&) {
      world.pass(3s);
      stop.request_stop();
    });
    const auto change = a->next_change("absent", stop.get_token());
    EXPECT_TRUE(change.joined.empty());
  });
}

TEST_F(GroupRecipe, UnreadableMembersAreLeftOut) {
  with_one([&](auto& a) {
    a->create_group("g");
    a->join("g", nullptr);
    world.backend()->create("tooz/groups/g/broken", "\xc1", SessionId::kNone);
    world.backend()->create("tooz/groups/g/deep/er", "\x80", SessionId::kNone);
    EXPECT_EQ(TestWorld::ids(a->view("g").members), Names{"a"});
  });
}

TEST_F(GroupRecipe, NamesThatCannotBeUsedAreRefused) {
  with_one([&](auto& a) {
    for (const std::string name : {"", "a/b", "\xff", "\xc3", "\xe2\x28\xa1"}) {
      EXPECT_EQ(code_of([&] { a->create_group(name); }), Errc::kBadName) << name;
      EXPECT_EQ(code_of([&] { a->lock(name); }), Errc::kBadName) << name;
    }
    EXPECT_EQ(code_of([&] { a->view(std::string("a\0b", 3)); }), Errc::kBadName);
    EXPECT_EQ(code_of([&] { a->join(std::string(513, 'x'), nullptr); }), Errc::kBadName);
    EXPECT_TRUE(a->create_group("größe"));
    const auto nameless = world.node({"nameless", ""});
    EXPECT_EQ(code_of([&] { nameless->join("größe", nullptr); }), Errc::kBadName);
    EXPECT_EQ(code_of([&] { nameless->election("größe").campaign({}); }), Errc::kBadName);
  });
}

}  // namespace
}  // namespace tooz
