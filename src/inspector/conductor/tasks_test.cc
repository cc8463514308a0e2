#include "inspector/conductor/tasks.h"

#include "inspector/conductor/periodic.h"
#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::kUuid;
using testing::World;
using Uuids = std::vector<std::string>;

void in_world(const std::function<void(World&)>& body) {
  sim::SimEnv env(3);
  env.run([&] {
    World world(env);
    body(world);
  });
}

/// Puts the node into an active state, as a program without a journal leaves it when it dies.
void leave_starting(World& world) {
  const std::optional<NodeLock> lock = world.locks->try_acquire(kUuid);
  world.store.nodes.start(kUuid, true, {}, lock->token());
}

TEST(Timeouts, EndIntrospectionsThatTakeTooLongAndNoOthers) {
  in_world([](World& world) {
    world.start();
    world.rest(1h);
    EXPECT_EQ(end_overdue(world.tasks(), 2h, {}), Uuids{});
    EXPECT_EQ(world.state(), "waiting");
    const int syncs = world.filter.syncs;
    EXPECT_EQ(end_overdue(world.tasks(), 59min, {}), Uuids{kUuid});
    EXPECT_EQ(world.state(), "error");
    EXPECT_EQ(world.row().error, "Introspection timeout");
    EXPECT_EQ(world.filter.syncs, syncs + 1);
    EXPECT_EQ(end_overdue(world.tasks(), 59min, {}), Uuids{});
  });
}

TEST(Timeouts, LeaveNodesThatSomebodyWorksOn) {
  in_world([](World& world) {
    world.start();
    world.rest(1h);
    const std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
    EXPECT_EQ(end_overdue(world.tasks(), 1min, {}), Uuids{});
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST(DeletedNodes, AreDroppedWithEverythingOfTheirs) {
  in_world([](World& world) {
    world.ironic.add_node({{"uuid", "a-1"}, {"provision_state", "manageable"}});
    world.start();
    world.rest();
    {
      const std::optional<NodeLock> lock = world.locks->try_acquire("gone");
      world.store.nodes.start("gone", true, {}, lock->token());
    }
    EXPECT_EQ(drop_deleted(world.tasks(), {}), Uuids{"gone"});
    EXPECT_FALSE(world.store.nodes.get("gone"));
    EXPECT_TRUE(world.store.nodes.get(kUuid));
  });
}

TEST(DeletedNodes, AreLeftWhileSomebodyWorksOnThem) {
  in_world([](World& world) {
    const std::optional<NodeLock> lock = world.locks->try_acquire("gone");
    world.store.nodes.start("gone", true, {}, lock->token());
    EXPECT_EQ(drop_deleted(world.tasks(), {}), Uuids{});
  });
}

TEST(DeletedNodes, AnIronicThatFailsDropsNothing) {
  in_world([](World& world) {
    {
      const std::optional<NodeLock> lock = world.locks->try_acquire("gone");
      world.store.nodes.start("gone", true, {}, lock->token());
    }
    world.ironic.refuse("GET /v1/nodes?fields", ironic::Error(503, "away"));
    EXPECT_THROW(drop_deleted(world.tasks(), {}), ironic::Error);
    world.ironic.refuse("GET /v1/nodes/gone", ironic::Error(503, "away"));
    EXPECT_THROW(drop_deleted(world.tasks(), {}), ironic::Error);
    EXPECT_TRUE(world.store.nodes.get("gone"));
  });
}

TEST(Abandoned, EndsAsAnErrorThatSaysSo) {
  in_world([](World& world) {
    leave_starting(world);
    EXPECT_EQ(end_abandoned(world.tasks(), {}), Uuids{kUuid});
    EXPECT_EQ(world.state(), "error");
    EXPECT_EQ(world.row().error,
              "Introspection was interrupted in state 'starting': the conductor that worked on it "
              "stopped, start it again");
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST(Abandoned, IsNoneWhileTheLockIsHeldOrTheNodeOnlyWaits) {
  in_world([](World& world) {
    leave_starting(world);
    {
      const std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
      EXPECT_EQ(end_abandoned(world.tasks(), {}), Uuids{});
      world.store.nodes.fire(kUuid, Event::kWait, held->token());
    }
    EXPECT_EQ(end_abandoned(world.tasks(), {}), Uuids{});
    EXPECT_EQ(world.state(), "waiting");
  });
}

/// Locks whose holder ends his work while somebody else reaches for them.
class RacingLocks final : public NodeLocks {
 public:
  RacingLocks(NodeLocks& locks, std::function<void(const tooz::Token&)> last_act)
      : locks_(locks), last_act_(std::move(last_act)) {}
  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    last_act_(locks_.try_acquire(uuid)->token());
    return locks_.try_acquire(uuid);
  }
  std::optional<NodeLock> acquire(std::string_view uuid, base::Env::TimePoint,
                                  std::stop_token) override {
    return try_acquire(uuid);
  }

 private:
  NodeLocks& locks_;
  std::function<void(const tooz::Token&)> last_act_;
};

TEST(Abandoned, IsNoneWhenItsHolderWasOnlyJustDone) {
  in_world([](World& world) {
    leave_starting(world);
    RacingLocks racing(*world.locks, [&](const tooz::Token& token) {
      world.store.nodes.fire(kUuid, Event::kWait, token);
    });
    EXPECT_EQ(end_abandoned({world.env, world.store.nodes, racing, world.ironic, world.filter}, {}),
              Uuids{});
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST(Timeouts, SpareANodeThatWasStartedAgainMeanwhile) {
  in_world([](World& world) {
    world.start();
    world.rest(1h);
    RacingLocks racing(*world.locks, [&](const tooz::Token& token) {
      world.store.nodes.start(kUuid, true, {}, token);
      world.store.nodes.fire(kUuid, Event::kWait, token);
    });
    EXPECT_EQ(
        end_overdue({world.env, world.store.nodes, racing, world.ironic, world.filter}, 1min, {}),
        Uuids{});
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST(Abandoned, OfManyNodesEndsInOneRun) {
  in_world([](World& world) {
    for (int i = 0; i < 450; ++i) {
      const std::string uuid = "u-" + std::to_string(i);
      world.store.nodes.start(uuid, true, {}, world.locks->try_acquire(uuid)->token());
    }
    EXPECT_EQ(end_abandoned(world.tasks(), {}).size(), 450U);
  });
}

/// Counts what is read from a database.
class ReadCounts final : public sql::Database {
 public:
  explicit ReadCounts(sql::Database& real) : real_(real) {}

  void run(sql::Access access, const std::function<void(sql::Transaction&)>& body) override {
    real_.run(access, [&](sql::Transaction& t) {
      Counted counted(t, *this);
      body(counted);
    });
  }
  sql::Dialect dialect() const noexcept override { return real_.dialect(); }
  std::string safe_url() const override { return real_.safe_url(); }

  std::size_t queries = 0;
  std::size_t most_rows = 0;  ///< of one answer

 private:
  class Counted final : public sql::Transaction {
   public:
    Counted(sql::Transaction& real, ReadCounts& counts) : real_(real), counts_(counts) {}
    sql::Dialect dialect() const noexcept override { return real_.dialect(); }
    std::int64_t exec(std::string_view statement, std::span<const sql::Value> values) override {
      return real_.exec(statement, values);
    }
    std::vector<sql::Row> query(std::string_view statement,
                                std::span<const sql::Value> values) override {
      std::vector<sql::Row> rows = real_.query(statement, values);
      ++counts_.queries;
      counts_.most_rows = std::max(counts_.most_rows, rows.size());
      return rows;
    }

   private:
    sql::Transaction& real_;
    ReadCounts& counts_;
  };

  sql::Database& real_;
};

constexpr int kMany = 2300;

/// `body` gets tasks that see as many nodes, all of them in an active state for an hour.
void with_many(const std::function<void(World&, const TaskParts&, ReadCounts&)>& body) {
  in_world([&](World& world) {
    for (int i = 0; i < kMany; ++i) {
      const std::string uuid = "u-" + std::to_string(i);
      world.store.nodes.start(uuid, true, {}, world.locks->try_acquire(uuid)->token());
    }
    world.env.sleep_for(1h, {});
    ReadCounts counts(world.store.database);
    NodeStore nodes(world.env, counts);
    body(world, {world.env, nodes, *world.locks, world.ironic, world.filter}, counts);
  });
}

TEST(LeadersWork, TimeoutsAreReadByThePage) {
  with_many([](World&, const TaskParts& parts, ReadCounts& counts) {
    EXPECT_EQ(end_overdue(parts, 30min, {}).size(), std::size_t{kMany});
    EXPECT_LE(counts.most_rows, 200U);
  });
}

TEST(LeadersWork, WhatWasAbandonedIsReadByThePage) {
  with_many([](World&, const TaskParts& parts, ReadCounts& counts) {
    EXPECT_EQ(end_abandoned(parts, {}).size(), std::size_t{kMany});
    EXPECT_LE(counts.most_rows, 200U);
  });
}

TEST(LeadersWork, NodesThatIronicHasCostOneQueryForAPageAndNoRequestEach) {
  with_many([](World& world, const TaskParts& parts, ReadCounts& counts) {
    for (int i = 0; i < kMany; ++i)
      world.ironic.add_node({{"uuid", "u-" + std::to_string(i)}});
    EXPECT_EQ(drop_deleted(parts, {}), Uuids{});
    EXPECT_LE(counts.most_rows, 1000U);
    EXPECT_EQ(counts.queries, 4U);  // the last of them finds no more
    EXPECT_EQ(world.ironic.requests().size(), 1U);
  });
}

TEST(Periodic, RunsFirstAfterOneSpacingAndAgainAfterAFailure) {
  sim::SimEnv env(3);
  env.run([&] {
    const auto start = env.now();
    std::vector<base::Env::Duration> runs;
    Periodic periodic(env);
    periodic.add("failing", 10s, [&](const std::stop_token&) {
      runs.push_back(env.now() - start);
      throw std::runtime_error("no");
    });
    env.sleep_for(35s, {});
    periodic.stop();
    env.sleep_for(1h, {});
    EXPECT_EQ(runs, (std::vector<base::Env::Duration>{10s, 20s, 30s}));
  });
}

TEST(Periodic, ASlowTaskDelaysNoOtherAndIsStopped) {
  sim::SimEnv env(3);
  env.run([&] {
    int runs = 0;
    Periodic periodic(env);
    periodic.add("slow", 1s, [&](const std::stop_token& stop) { env.sleep_for(24h, stop); });
    periodic.add("quick", 1s, [&](const std::stop_token&) { ++runs; });
    env.sleep_for(10s + 500ms, {});
    const auto now = env.now();
    periodic.stop();
    EXPECT_EQ(env.now(), now);
    EXPECT_EQ(runs, 10);
  });
}

}  // namespace
}  // namespace inspector
