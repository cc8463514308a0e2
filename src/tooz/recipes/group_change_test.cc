// Reports of changes: each leads from one view to the next, whatever comes between.
#include <gtest/gtest.h>

#include <algorithm>

#include "tooz/testing/background.h"
#include "tooz/testing/test_world.h"
#include "tooz/value.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

class GroupChanges : public testing::Test {
 protected:
  using Node = TestWorld::Node;
  void run(const std::function<void(const Node& watcher, const Node& a)>& body) {
    world.env.run([&] {
      const auto watcher = world.member("watcher");
      const auto a = world.member("a");
      a->create_group("g");
      body(watcher, a);
    });
  }
  static std::string text(const GroupChange& change) {
    std::string all;
    for (const GroupEvent& event : change.events) {
      const char* kinds[] = {"+", "-", "~"};
      all += (all.empty() ? "" : " ") + std::string(event.gap ? "?" : "") +
             kinds[static_cast<int>(event.kind)] + event.member.id;
    }
    return all;
  }
  /// What the events say of the view before, by name.
  static void apply(const GroupChange& change, std::map<std::string, Revision>& view) {
    for (const GroupEvent& event : change.events) {
      const auto found = view.find(event.member.id);
      if (event.kind == GroupEvent::Kind::kJoined) {
        EXPECT_TRUE(view.emplace(event.member.id, event.member.incarnation).second);
      } else {
        ASSERT_NE(found, view.end()) << event.member.id;
        EXPECT_EQ(found->second, event.member.incarnation);
        if (event.kind == GroupEvent::Kind::kLeft) view.erase(found);
      }
    }
  }

  TestWorld world;
};

TEST_F(GroupChanges, TellOfAVisitThatWasOverBeforeAnybodyLooked) {
  run([&](auto& watcher, auto& a) {
    a->join("g", nullptr);
    EXPECT_EQ(text(watcher->next_change("g", {})), "+a");
    watcher.process.freeze_until(world.env.now() + 2s);
    const auto b = world.member("b");
    b->join("g", 1);
    b->leave("g");
    a->leave("g");
    a->join("g", 2);
    const auto change = watcher->next_change("g", {});
    EXPECT_EQ(text(change), "+b -b -a +a");
    EXPECT_EQ(TestWorld::ids(change.left), Names{"a"});
    EXPECT_EQ(TestWorld::ids(change.joined), Names{"a"});
    EXPECT_FALSE(change.gap);
  });
}

TEST_F(GroupChanges, AreCompleteAcrossAnOutageThatTheBackendRemembers) {
  run([&](auto& watcher, auto& a) {
    a->join("g", nullptr);
    watcher->next_change("g", {});
    watcher.partition_for(20s);
    world.pass(5s);
    a->leave("g");
    a->join("g", nullptr);
    EXPECT_EQ(text(watcher->next_change("g", {})), "-a +a");
  });
}

TEST_F(GroupChanges, TellOfAGapAfterAnOutageThatTheBackendForgot) {
  run([&](auto& watcher, auto& a) {
    a->join("g", nullptr);
    watcher->next_change("g", {});
    watcher.partition_for(20s);
    world.pass(5s);
    for (int i = 0; i < 100; ++i) {
      a->leave("g");
      a->join("g", nullptr);
    }
    EXPECT_EQ(text(watcher->next_change("g", {})), "?-a +a");
    EXPECT_TRUE(a->update_capabilities("g", 5));
    EXPECT_EQ(text(watcher->next_change("g", {})), "~a") << "told once";
  });
}

TEST_F(GroupChanges, TellOfAGapWhereTheDriverCannotTellWhatHappened) {
  run([&](auto& watcher, auto& a) {
    watcher.net.set_tells(false);
    a->join("g", nullptr);
    EXPECT_EQ(text(watcher->next_change("g", {})), "+a");
    a->update_capabilities("g", 5);
    EXPECT_EQ(text(watcher->next_change("g", {})), "?~a");
    a->leave("g");
    EXPECT_EQ(text(watcher->next_change("g", {})), "?-a");
  });
}

TEST_F(GroupChanges, AddUpForEachReaderAcrossLostLeasesAndOutages) {
  run([&](auto& watcher, auto& a) {
    a->join("g", nullptr);
    auto early = watcher->follow("g");
    std::map<std::string, Revision> seen;
    apply(early.next({}), seen);
    watcher.partition_for(30s);
    a.partition_for(15s);
    world.pass(50s);
    const auto b = world.member("b");
    b->join("g", nullptr);
    a->update_capabilities("g", 2);
    world.pass(1s);
    auto late = watcher->follow("g");
    EXPECT_EQ(text(late.next({})), "+a +b");
    for (bool first = true; first || early.members().size() < 2; first = false) {
      const auto change = early.next({});
      apply(change, seen);
      EXPECT_TRUE(early.members().same_as(change.members));
    }
    EXPECT_EQ(seen.size(), 2U);
    const View view = watcher->view("g");
    for (const Member& member : view.members)
      EXPECT_EQ(seen[member.id], member.incarnation);
  });
}

TEST_F(GroupChanges, TooManyForAReaderAreSummedUpWithAGap) {
  run([&](auto& watcher, auto& a) {
    a->join("g", nullptr);
    auto reader = watcher->follow("g");
    reader.next({});
    for (int i = 0; i < 4200; ++i) {
      a->update_capabilities("g", i + 1);
      world.pass(1ms);
    }
    world.pass(1s);
    EXPECT_EQ(text(reader.next({})), "?~a");
  });
}

TEST_F(GroupChanges, CostNothingWhileNothingHappens) {
  run([&](auto& watcher, auto& a) {
    for (const std::string group : {"g1", "g2", "g3", "g4", "g5"}) {
      a->create_group(group);
      a->join(group, nullptr);
      watcher->join(group, nullptr);
      watcher->view(group);
    }
    world.pass(60s);
    const auto before = watcher.net.counts();
    world.pass(100s);
    const auto now = watcher.net.counts();
    EXPECT_LE(now.renewals - before.renewals, 31U);
    EXPECT_EQ(now.calls - before.calls, now.renewals - before.renewals);
    EXPECT_GE(watcher->view("g1").as_of, world.env.now() - 4s) << "renewals prove it current";
  });
}

TEST_F(GroupChanges, MemberThatSomebodyRemovedJoinsAgainAndSaysSo) {
  Lost lost;
  world.env.run([&] {
    const auto a = world.node({"a", "a"}, [&](const Lost& what) { lost = what; });
    a->create_group("g");
    a->join("g", 7);
    const auto held = a->lock("x").try_acquire();
    world.pass(5s);
    const auto backend = world.backend();
    const auto key = backend->get("tooz/groups/g/a");
    backend->remove(key->key, key->revision);
    EXPECT_TRUE(world.eventually(2s, [&] { return !lost.groups.empty(); }));
    EXPECT_EQ(lost.groups, Names{"g"});
    EXPECT_TRUE(lost.locks.empty());
    EXPECT_GT(held->remaining(), 0s);
    const auto again = backend->get("tooz/groups/g/a");
    ASSERT_TRUE(again);
    EXPECT_GT(again->created, key->created);
    EXPECT_EQ(again->value, key->value);
  });
}

TEST_F(GroupChanges, RejoinTellsAllThatWasLost) {
  Lost lost;
  world.env.run([&] {
    const auto a = world.node({"a", "a"}, [&](const Lost& what) { lost = what; });
    a->create_group("g");
    a->join("g", 7);
    const auto lock = a->lock("x").try_acquire();
    const auto reading = a->lock("y", Mode::kShared).try_acquire();
    auto given_back = a->lock("z").try_acquire();
    const auto permit = a->semaphore("s", 2).try_acquire();
    const auto leading = a->election("g").campaign({});
    given_back->release();
    a.partition_for(20s);
    EXPECT_TRUE(world.eventually(1min, [&] { return !lost.groups.empty(); }));
    std::ranges::sort(lost.locks);
    EXPECT_EQ(lost.groups, Names{"g"});
    EXPECT_EQ(lost.locks, (Names{"x", "y"}));
    EXPECT_EQ(lost.permits, Names{"s"});
    EXPECT_EQ(lost.leaderships, Names{"g"});
  });
}

}  // namespace
}  // namespace tooz
