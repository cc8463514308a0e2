// What a Redis Sentinel's failover does to those who have something.
#include "tests/support/free_port.h"
#include "tests/support/redis_server.h"
#include "tooz/coordinator.h"
#include "tooz/error.h"
#include "tooz/value.h"

#include <gtest/gtest.h>

namespace tooz {
namespace {

using namespace std::chrono_literals;
using support::RedisSentinel;
using support::RedisServer;

Env& env() { return base::system_env(); }

class RedisFailover : public testing::Test {
 protected:
  RedisFailover() : replica(replica_of(master)), sentinel(master) {
    EXPECT_TRUE(support::eventually([&] { return sentinel.sees_replica(); }));
  }
  static RedisServer::Options replica_of(const RedisServer& master) {
    RedisServer::Options options;
    options.replica_of = master.port();
    return options;
  }
  /// The first Sentinel of it is dead.
  std::string url() const {
    return "redis://127.0.0.1:" + std::to_string(support::free_port()) +
           "?sentinel=mymaster&timeout=5&sentinel_fallback=" + sentinel.host();
  }
  bool fails_over() {
    return support::eventually([&] { return sentinel.master() == replica.port(); }, 60s);
  }

  RedisServer master;
  RedisServer replica;
  RedisSentinel sentinel;
};

/// As a process would: again and again until the new master answers.
std::optional<LockGuard> acquire(Coordinator& coordinator) {
  const auto deadline = env().now() + 100s;
  for (;;) {
    try {
      return coordinator.lock("x").acquire({}, deadline);
    } catch (const Error&) {
      if (env().now() >= deadline) return std::nullopt;
    }
  }
}

TEST_F(RedisFailover, LosesTheLocksAndBeginsAnotherOrigin) {
  Options options;
  options.lease = 2s;
  Coordinator holder(env(), url(), options);
  auto held = holder.lock("x").try_acquire();
  ASSERT_TRUE(held);
  const auto lost = env().make_event();
  const std::stop_callback at_loss(held->lost(), [&] { lost->set(); });
  master.kill();
  ASSERT_TRUE(fails_over());
  EXPECT_TRUE(lost->wait_until(env().now() + 60s, {}));
  EXPECT_EQ(held->remaining(), Env::Duration::zero());
  Coordinator successor(env(), url(), options);
  const auto next = acquire(successor);
  ASSERT_TRUE(next);
  EXPECT_NE(next->token().origin, held->token().origin);
  EXPECT_GT(next->token().number, held->token().number);
  EXPECT_FALSE(holder.lock("x").try_acquire());
}

// Everybody loses what he has, and all of it works again at the new master: the member joins again,
// the watcher is told, the candidate leads again, the readers' lock and the permit can be had.
TEST_F(RedisFailover, IsFollowedByAllRecipes) {
  const auto coordinator = [&](const std::string& id) {
    return std::make_unique<Coordinator>(env(), url(), Options{.member_id = id, .lease = 3s});
  };
  const auto eventually = [](const std::function<bool()>& condition) {
    return support::eventually(
        [&] {
          try {
            return condition();
          } catch (const Error&) {
            return false;
          }
        },
        100s);
  };
  const auto a = coordinator("a");
  const auto b = coordinator("b");
  ASSERT_TRUE(a->create_group("g"));
  ASSERT_TRUE(a->join("g", 1));
  const Candidacy candidacy(a->election("g"), {});
  const auto shared = a->lock("s", Mode::kShared).try_acquire();
  const auto permit = a->semaphore("p", 1).try_acquire();
  ASSERT_TRUE(shared && permit);
  ASSERT_TRUE(eventually([&] { return b->election("g").leader() == "a"; }));
  ASSERT_EQ(b->view("g").members.size(), 1U);
  const auto before = b->view("g").members.at(0).incarnation;
  ASSERT_TRUE(
      support::eventually([&] { return replica.cli({"DBSIZE"}) == master.cli({"DBSIZE"}); }));
  master.kill();
  ASSERT_TRUE(fails_over());
  EXPECT_TRUE(eventually([&] {
    const View view = b->view("g");
    return view.members.size() == 1 && view.members.at(0).incarnation != before;
  }));
  EXPECT_TRUE(eventually([&] { return b->election("g").leader() == "a"; }));
  EXPECT_TRUE(shared->lost().stop_requested());
  EXPECT_TRUE(permit->lost().stop_requested());
  EXPECT_TRUE(eventually([&] { return b->lock("s", Mode::kShared).try_acquire().has_value(); }));
  EXPECT_TRUE(eventually([&] { return b->semaphore("p", 1).try_acquire().has_value(); }));
}

TEST_F(RedisFailover, NoTwoLiveTokensHaveOneOrigin) {
  // The master is cut off from its replica but not from the holder, who therefore goes on.
  Options options;
  options.lease = 60s;
  Coordinator holder(env(), "redis://" + master.host(), options);
  const auto held = holder.lock("x").try_acquire();
  ASSERT_TRUE(held);
  replica.cli({"REPLICAOF", "NO", "ONE"});
  Coordinator successor(env(), "redis://" + replica.host(), options);
  const auto next = acquire(successor);
  ASSERT_TRUE(next);
  EXPECT_GT(held->remaining(), Env::Duration::zero());
  EXPECT_NE(next->token().origin, held->token().origin);
  EXPECT_GT(next->token().number, held->token().number);
}

}  // namespace
}  // namespace tooz
