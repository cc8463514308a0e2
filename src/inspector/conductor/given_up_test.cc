// What is left alone, given away or given up, though it stands in the journal.
#include "inspector/conductor/testing/dead.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::Dead;
using testing::kUuid;
using testing::TakeoverTest;
using testing::TroubledDatabase;
using testing::World;
using testing::WorldOptions;
using Kind = Operation::Kind;
using Step = Operation::Step;

using GivenUpTest = TakeoverTest;

TEST_F(GivenUpTest, AStartThatOnlyWaitedForItsTurnIsMadeHoweverManyConductorsEnded) {
  WorldOptions options;
  options.conductor.introspection_delay = 60s;
  ASSERT_EQ(options.conductor.max_attempts, 3);
  in_world(
      [](World& world, const Dead& dead) {
        Operation start = dead.start(Step::kAccepted);
        Journal& journal = world.store.journal;
        Journal::Turn turn;
        for (int i = 0; i < 2; ++i)
          world.store.nodes.write(kUuid, dead.token(), journal.take_turn(start, {60s}, turn));
        for (const char* next : {"b", "c", "d", "e"}) {
          ASSERT_EQ(journal.disown(start.incarnation), 1);
          start = journal.claimable("", 1).at(0);
          ASSERT_TRUE(journal.claim_alone(start, {next, next}));
        }
        world.rest(70s);
        EXPECT_EQ(world.state(), "waiting");
        EXPECT_EQ(reboots(world), 1U);
        EXPECT_EQ(counters(world).poisoned, 0U);
      },
      options);
}

TEST_F(GivenUpTest, WhatHasGoneOnSinceItWasReadIsNotClaimedAsItWas) {
  in_world([](World& world, const Dead& dead) {
    Operation left = dead.start(Step::kAccepted);
    world.store.journal.hand_over(left.incarnation);
    Operation read = world.store.journal.claimable("", 1).at(0);
    // Another has had it meanwhile, and has given it away.
    ASSERT_TRUE(world.store.journal.claim_alone(left = read, {"another", "its"}));
    left.step = Step::kPower;
    world.store.nodes.write(kUuid, dead.token(), world.store.journal.move_on(left));
    world.store.journal.hand_over("its");
    EXPECT_FALSE(world.store.journal.claim_alone(read, {"late", "mine"}));
    EXPECT_EQ(world.store.journal.claimable("", 1).at(0).step, Step::kPower);
  });
}

TEST_F(GivenUpTest, WhatEndedTooManyConductorsIsAnErrorThatTellsWhere) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    world.store.database.run(sql::Access::kWrite, [&](sql::Transaction& t) {
      t.exec("UPDATE cc_operation SET tries = 2, history = 'a left it at step accepted'");
    });
    world.rest(kLook);
    EXPECT_EQ(world.state(), "error");
    EXPECT_EQ(world.row().error,
              "The operation 'start' was given up after 3 conductors ended while they worked on "
              "it: a left it at step accepted; gone left it at step power");
    EXPECT_EQ(reboots(world), 0U);
    EXPECT_EQ(counters(world).poisoned, 1U);
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
  });
}

/// Deadlocks that no repetition cured, and a database that is away.
TEST_F(GivenUpTest, TroubleOfTheDatabaseIs503ForCallersAndLeavesWhatWasAcceptedForLater) {
  for (const sql::Errc code : {sql::Errc::kConflict, sql::Errc::kUnreachable}) {
    in_world([&](World& world, const Dead&) {
      world.ironic.answer_after(world.env, 1s);
      world.start();
      world.store.database.trouble = static_cast<int>(code);
      EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
      EXPECT_EQ(World::refusal([&] { world.start(); }).first, 503);
      world.rest(1min);
      world.store.database.trouble = TroubledDatabase::kNone;
      EXPECT_EQ(world.state(), "starting");
      world.rest(1min);
      EXPECT_EQ(world.state(), "waiting");
      EXPECT_EQ(counters(world).resumed, 1U);
      EXPECT_EQ(counters(world).poisoned, 0U);

      EXPECT_EQ(world.post(), kUuid);  // its end goes on in the background
      world.store.database.trouble = static_cast<int>(code);
      world.rest(1min);
      world.store.database.trouble = TroubledDatabase::kNone;
      world.rest(1min);
      EXPECT_EQ(world.state(), "finished");
    });
  }
}

TEST_F(GivenUpTest, WhatItsNodeIsNotInAStateForIsDropped) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    world.store.nodes.fire(kUuid, Event::kWait, dead.token());
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(reboots(world), 0U);
    EXPECT_FALSE(world.store.journal.of_node(kUuid, Kind::kStart));
  });
}

TEST_F(GivenUpTest, WhoLivesIsLeftAlone) {
  in_world([](World& world, const Dead& dead) {
    std::optional<NodeLock> proof = world.locks->try_acquire(Owner::lock_name("dead"));
    dead.start(Step::kAccepted);
    world.rest(1min);
    EXPECT_EQ(world.state(), "starting");
    EXPECT_EQ(counters(world).taken_over, 0U);
    proof.reset();
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
  });
}

/// Drained without being ended, it is alive: nobody else would take what it leaves for later.
TEST_F(GivenUpTest, WhoHasDrainedGivesAwayWhatMeetsTroubleAfterwards) {
  in_world([](World& world, const Dead&) {
    world.start();
    world.rest();
    world.local().retire();
    world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid, ironic::Error(0, "away"));
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "processing");
    EXPECT_EQ(world.store.journal.of_node(kUuid, Kind::kProcess)->incarnation, "");
    EXPECT_EQ(world.store.journal.of_node(kUuid, Kind::kProcess)->tries, 0);
    EXPECT_EQ(counters(world).handed_over, 1U);
  });
}

/// A node that takes the first turn, so that the next start has to wait.
void start_another(World& world) {
  world.ironic.add_node({{"uuid", "u-2"},
                         {"provision_state", "manageable"},
                         {"driver_info", {{"ipmi_address", "192.0.2.18"}}}});
  world.conductor().introspect("u-2", true, world.call());
  world.rest();
}

TEST_F(GivenUpTest, WhoHasDrainedGivesAwayWhatHasToWaitAfterwards) {
  WorldOptions options;
  options.conductor.introspection_delay = 60s;
  in_world(
      [](World& world, const Dead&) {
        start_another(world);
        world.ironic.answer_after(world.env, 1s);
        world.start();
        world.local().retire();
        world.rest(30s);
        const auto left = world.store.journal.of_node(kUuid, Kind::kStart);
        ASSERT_TRUE(left);
        EXPECT_EQ(left->step, Step::kQueued);
        EXPECT_EQ(left->incarnation, "");
        EXPECT_EQ(world.state(), "starting");
      },
      options);
}

TEST_F(GivenUpTest, WhoDrainsGivesAwayWhatOnlyWaits) {
  WorldOptions options;
  options.conductor.introspection_delay = 60s;
  in_world(
      [](World& world, const Dead&) {
        start_another(world);
        world.start();
        world.rest();
        EXPECT_EQ(world.state(), "starting");
        const auto before = world.env.now();
        EXPECT_TRUE(world.local().drain(before + 1min));
        EXPECT_LT(world.env.now() - before, 1s);
        EXPECT_EQ(counters(world).handed_over, 1U);
        EXPECT_TRUE(world.locks->try_acquire(kUuid));
        EXPECT_EQ(world.store.journal.of_node(kUuid, Kind::kStart)->incarnation, "");
      },
      options);
}

}  // namespace
}  // namespace inspector
