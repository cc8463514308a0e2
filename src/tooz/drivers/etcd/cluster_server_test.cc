// What happens to clients when members of an etcd cluster die, stand still, or cannot be reached.
#include "tests/support/etcd_cluster.h"
#include "tooz/conformance/served.h"
#include "tooz/coordinator.h"
#include "tooz/recipes/names.h"
#include "tooz/testing/background.h"
#include "tooz/value.h"

#include <set>

namespace tooz {
namespace {

using namespace std::chrono_literals;

class EtcdClusterTest : public testing::Test {
 protected:
  static constexpr auto kLimit = 60s;
  static Env& env() { return base::system_env(); }
  static Env::TimePoint limit() { return env().now() + kLimit; }

  std::unique_ptr<Coordinator> coordinator(const std::string& id, Env::Duration lease = 20s) const {
    return std::make_unique<Coordinator>(env(), cluster.url("timeout=5"),
                                         Options{.member_id = id, .lease = lease});
  }
  /// While members come and go a call may go unanswered.
  static bool eventually(const std::function<bool()>& condition) {
    return support::eventually(
        [&] {
          try {
            return condition();
          } catch (const Error&) {
            return false;
          }
        },
        kLimit);
  }
  static bool shows(Coordinator& who, const std::vector<std::string>& names) {
    return eventually([&] {
      std::vector<std::string> seen;
      for (const Member& member : who.view("g").members)
        seen.push_back(member.id);
      return seen == names;
    });
  }

  support::EtcdCluster cluster;
};

/// Waits for the lock `x` behind `holder`.
struct Waiter {
  Waiter(Coordinator& who, const LockGuard& holder, Env::TimePoint limit)
      : thread(base::system_env(), [this, lock = who.lock("x"), &holder, limit]() mutable {
          guard = lock.acquire({}, limit);
          two_at_once = guard && guard->remaining() > 0s && holder.remaining() > 0s;
        }) {}
  std::optional<LockGuard> guard;
  bool two_at_once = false;
  Background thread;
};

TEST_F(EtcdClusterTest, ALeaderThatDiesCostsNobodyItsPlace) {
  const auto a = coordinator("a");
  const auto b = coordinator("b");
  ASSERT_TRUE(a->create_group("g") && a->join("g", nullptr) && b->join("g", nullptr));
  auto held = a->lock("x").acquire({}, limit());
  ASSERT_TRUE(held);
  Waiter waiter(*b, *held, limit());
  const std::size_t first = cluster.leader();
  cluster.kill(first);
  ASSERT_TRUE(eventually([&] { return b->leave("g"); }));
  EXPECT_TRUE(shows(*a, {"a"}));
  EXPECT_FALSE(held->lost().stop_requested()) << "a new leader prolongs all leases";
  EXPECT_NE(cluster.leader(), first);
  EXPECT_NO_THROW(held->release());
  EXPECT_TRUE(waiter.thread.ends_within(kLimit));
  ASSERT_TRUE(waiter.guard);
  EXPECT_FALSE(waiter.two_at_once);
  EXPECT_GT(waiter.guard->token().number, held->token().number);
  cluster.start(first);
  EXPECT_TRUE(eventually([&] { return b->join("g", nullptr); }));
  EXPECT_TRUE(shows(*a, {"a", "b"}));
}

TEST_F(EtcdClusterTest, ALeaderThatStandsStillIsReplacedAndComesBackToNoHarm) {
  const auto a = coordinator("a", 3s);
  const auto b = coordinator("b");
  auto held = a->lock("x").acquire({}, limit());
  ASSERT_TRUE(held);
  Waiter waiter(*b, *held, limit());
  const std::size_t first = cluster.leader();
  cluster.pause(first);
  EXPECT_TRUE(eventually([&] { return b->create_group("g") || !b->groups().empty(); }));
  EXPECT_NE(cluster.leader(), first);
  cluster.resume(first);
  try {
    held->release();  // it may be lost by now, and the answer too
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kUnreachable);
  }
  EXPECT_TRUE(waiter.thread.ends_within(kLimit));
  ASSERT_TRUE(waiter.guard);
  EXPECT_FALSE(waiter.two_at_once);
  EXPECT_GT(waiter.guard->token().number, held->token().number);
  EXPECT_TRUE(eventually([&] { return !a->lock("x").try_acquire(); }));
  EXPECT_GT(waiter.guard->remaining(), 0s);
}

TEST_F(EtcdClusterTest, WhoeverOfTheMembersCannotBeReachedTheOthersServe) {
  const auto a = coordinator("a");
  ASSERT_TRUE(a->create_group("g"));
  const auto held = a->lock("x").acquire({}, limit());
  ASSERT_TRUE(held);
  for (std::size_t i = 0; i < support::EtcdCluster::kMembers; ++i) {
    i == 1 ? cluster.net(i).refuse() : cluster.net(i).black_hole();
    EXPECT_TRUE(eventually([&] { return a->join("g", nullptr); }));
    EXPECT_TRUE(shows(*a, {"a"}));
    EXPECT_TRUE(eventually([&] { return a->leave("g"); }));
    EXPECT_TRUE(shows(*a, {}));
    cluster.net(i).pass();
  }
  EXPECT_FALSE(held->lost().stop_requested());
}

TEST_F(EtcdClusterTest, AViewThatMissedWhatWasCompactedIsTrueAgain) {
  Coordinator far(env(), cluster.direct_url("timeout=20"), {.member_id = "far", .lease = 20s});
  ASSERT_TRUE(far.create_group("g") && far.join("g", 0));
  const auto watcher = coordinator("watcher");
  std::set<std::string> seen;
  bool strange = false;
  const auto apply = [&] {
    const GroupChange change = watcher->next_change("g", {});
    for (const Member& member : change.left)
      strange = strange || seen.erase(member.id) == 0;
    for (const Member& member : change.joined)
      strange = strange || !seen.insert(member.id).second;
  };
  apply();
  EXPECT_EQ(seen, std::set<std::string>{"far"});
  for (std::size_t i = 0; i < support::EtcdCluster::kMembers; ++i)
    cluster.net(i).black_hole();
  Coordinator late(env(), cluster.direct_url("timeout=20"), {.member_id = "late", .lease = 20s});
  ASSERT_TRUE(late.join("g", nullptr));
  for (int i = 1; i <= 20; ++i)
    ASSERT_TRUE(far.update_capabilities("g", i));
  ASSERT_TRUE(far.leave("g"));
  cluster.compact();
  for (std::size_t i = 0; i < support::EtcdCluster::kMembers; ++i) {
    cluster.net(i).cut();
    cluster.net(i).pass();
  }
  while (seen != std::set<std::string>{"late"})
    apply();
  EXPECT_FALSE(strange);
  EXPECT_TRUE(shows(*watcher, {"late"}));
}

/// Each member on a machine of its own, and the clients on another.
class EtcdOnALan : public testing::Test {
 protected:
  static constexpr auto kLimit = 100s;
  static constexpr std::size_t kMembers = support::EtcdCluster::kMembers;

  /// Asks `first` before the others.
  std::unique_ptr<Coordinator> coordinator(const std::string& id, std::size_t first) const {
    std::string url = cluster.url_of(first);
    for (std::size_t i = 1; i < kMembers; ++i)
      url += "," + lan.address((first + i) % kMembers) + ":2379";
    return std::make_unique<Coordinator>(base::system_env(), url + "?timeout=5",
                                         Options{.member_id = id, .lease = 20s});
  }
  void with_the_others(std::size_t member,
                       void (support::Lan::*act)(std::size_t, std::size_t) const) const {
    for (std::size_t i = 1; i < kMembers; ++i)
      (lan.*act)(member, (member + i) % kMembers);
  }
  static bool eventually(const std::function<bool()>& condition) {
    return support::eventually(
        [&] {
          try {
            return condition();
          } catch (const Error&) {
            return false;
          }
        },
        kLimit);
  }
  static std::set<std::string> members(Coordinator& who) {
    std::set<std::string> ids;
    for (const Member& member : who.view("g").members)
      ids.insert(member.id);
    return ids;
  }

  support::Lan lan{kMembers};
  support::Lan::Visit visit{lan};
  support::EtcdCluster cluster{lan};
};

// Its clients still reach it. It does not know yet that it leads nobody.
TEST_F(EtcdOnALan, ALeaderThatOnlyTheOtherMembersCannotReachIsLeft) {
  const std::size_t first = cluster.leader();
  const auto a = coordinator("a", first);
  const auto b = coordinator("b", first);
  ASSERT_TRUE(a->create_group("g") && a->join("g", nullptr));
  ASSERT_EQ(members(*b), std::set<std::string>{"a"});
  auto held = a->lock("x").acquire({}, base::system_env().now() + kLimit);
  ASSERT_TRUE(held);
  Waiter waiter(*b, *held, base::system_env().now() + kLimit);
  with_the_others(first, &support::Lan::cut);

  const auto late = coordinator("late", (first + 1) % kMembers);
  EXPECT_TRUE(eventually([&] { return late->join("g", nullptr); }));
  EXPECT_TRUE(eventually([&] {
    return members(*b) == std::set<std::string>{"a", "late"};
  })) << "it watched at the member that was cut off";
  EXPECT_TRUE(eventually([&] { return a->update_capabilities("g", 1); }));
  try {
    held->release();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kUnreachable);
  }
  EXPECT_TRUE(waiter.thread.ends_within(kLimit));
  ASSERT_TRUE(waiter.guard);
  EXPECT_FALSE(waiter.two_at_once);
  EXPECT_GT(waiter.guard->token().number, held->token().number);

  with_the_others(first, &support::Lan::mend);
  Coordinator there(base::system_env(), cluster.url_of(first, "timeout=5"), {.member_id = "there"});
  EXPECT_TRUE(eventually([&] { return members(there) == std::set<std::string>{"a", "late"}; }));
  EXPECT_TRUE(eventually([&] { return !there.lock("x").try_acquire(); }));
  EXPECT_GT(waiter.guard->remaining(), 0s);
}

}  // namespace
}  // namespace tooz
