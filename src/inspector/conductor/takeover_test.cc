// What a dead conductor leaves in the journal, and how another goes on with it.
#include "inspector/conductor/takeover.h"

#include "inspector/conductor/testing/world.h"
#include "inspector/node/changes_json.h"
#include "inspector/processing/testing/report.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::kUuid;
using testing::TroubledDatabase;
using testing::World;
using testing::WorldOptions;
using Kind = Operation::Kind;
using Step = Operation::Step;

constexpr auto kLook = 4s;  ///< by then the takeover has looked

const std::string kReboot =
    std::string("PUT /v1/nodes/") + kUuid + R"(/states/power {"target":"rebooting"})";
const std::string kPowerOff =
    std::string("PUT /v1/nodes/") + kUuid + R"(/states/power {"target":"power off"})";

/// Writes what a conductor had written when it died.
class Dead {
 public:
  explicit Dead(World& world) : world_(world), journal_(world.store.journal) {}

  Operation operation(Kind kind, Step step) const {
    Operation made = journal_.make(kind, kUuid);
    made.step = step;
    made.owner = "gone";
    made.incarnation = "dead";
    made.arguments = {{"manage_boot", true}, {"persistent", false}, {"has_bmc", true}};
    return made;
  }
  Operation start(Step step) const {
    const Operation made = operation(Kind::kStart, step);
    const std::vector<std::string> bmc{"192.0.2.17"};
    world_.store.nodes.start(kUuid, true, bmc, {token(), journal_.enter(made)});
    return made;
  }
  /// A report of the waiting node, up to where the node is known.
  Operation report(Step step) const {
    Operation made = operation(Kind::kProcess, Step::kAccepted);
    made.node.clear();
    const std::string body = boost::json::serialize(testing::report());
    made.digest = sha256_hex(body);
    journal_.accept(made, body);
    if (step == Step::kAccepted) return made;
    made.node = kUuid;
    made.step = Step::kProcessing;
    world_.store.nodes.fire(kUuid, Event::kProcess, {token(), journal_.move_on(made)});
    return made;
  }
  /// The same whose body is the data as posted.
  void stored_report(const boost::json::object& data, const std::string& logs) const {
    Operation made = operation(Kind::kProcess, Step::kAccepted);
    made.arguments.clear();
    made.digest = sha256_hex(boost::json::serialize(data));
    const auto enter = journal_.enter_stored(made, logs);
    const auto save = world_.store.data->saving(kUuid, false, boost::json::serialize(data));
    world_.store.nodes.fire(kUuid, Event::kProcess, {token(), [&](sql::Transaction& t) {
                                                       enter(t);
                                                       save(t);
                                                     }});
  }
  void keep_set(Operation& operation, const NodeChanges& changes, const char* ending) const {
    const boost::json::object set{{"changes", changes_to_json(changes)}, {"ending", ending}};
    world_.store.nodes.write(kUuid, token(),
                             journal_.keep_set(operation, boost::json::serialize(set)));
  }
  tooz::Token token() const { return world_.locks->try_acquire(kUuid)->token(); }

 private:
  World& world_;
  Journal& journal_;
};

class TakeoverTest : public ::testing::Test {
 protected:
  static void in_world(const std::function<void(World&, const Dead&)>& body,
                       WorldOptions options = {}) {
    sim::SimEnv env(11);
    env.run([&] {
      World world(env, std::move(options));
      body(world, Dead(world));
    });
  }
  static std::size_t count(World& world, const std::string& request) {
    const auto changes = world.ironic.changes();
    return static_cast<std::size_t>(std::ranges::count(changes, request));
  }
  static const JournalCounters& counters(World& world) { return world.store.journal.counters; }
  static void set_power_target(World& world, boost::json::value target) {
    boost::json::object node = world.ironic.node(kUuid);
    node["target_power_state"] = std::move(target);
    node["power_state"] = "power on";
    world.ironic.add_node(node);
  }
};

TEST_F(TakeoverTest, AStartThatHadOnlyBeenAcceptedIsMadeFromTheBeginning) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kAccepted);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(world.ironic.changes().size(), 2U);
    EXPECT_EQ(count(world, kReboot), 1U);
    EXPECT_EQ(counters(world).taken_over, 1U);
    EXPECT_EQ(counters(world).power_repeats, 0U);
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_F(TakeoverTest, AStartThatWaitedForItsTurnGetsItWhenItWasToComeNotBefore) {
  WorldOptions options;
  options.conductor.introspection_delay = 30s;
  in_world(
      [](World& world, const Dead& dead) {
        const Operation start = dead.start(Step::kAccepted);
        Journal::Turn turn;
        for (int i = 0; i < 2; ++i)
          world.store.nodes.write(kUuid, dead.token(),
                                  world.store.journal.take_turn(start, {.delay = 30s}, turn));
        world.rest(25s);
        EXPECT_EQ(world.state(), "starting");
        EXPECT_EQ(count(world, kReboot), 0U);
        world.rest(10s);
        EXPECT_EQ(world.state(), "waiting");
        EXPECT_EQ(count(world, kReboot), 1U);
      },
      options);
}

TEST_F(TakeoverTest, AStartThatOnlyWaitedForItsTurnIsMadeHoweverManyConductorsEnded) {
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
        EXPECT_EQ(count(world, kReboot), 1U);
        EXPECT_EQ(counters(world).poisoned, 0U);
      },
      options);
}

TEST_F(TakeoverTest, ARebootOfWhichNobodyKnowsIsAskedForOnceMore) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(count(world, kReboot), 1U);
    EXPECT_EQ(counters(world).power_repeats, 1U);
  });
}

TEST_F(TakeoverTest, ARebootThatIronicIsStillAtIsAwaited) {
  in_world([](World& world, const Dead& dead) {
    set_power_target(world, "rebooting");
    dead.start(Step::kPower);
    world.rest(10s);
    EXPECT_EQ(world.state(), "starting");
    set_power_target(world, nullptr);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(count(world, kReboot), 0U);
    EXPECT_EQ(counters(world).power_awaited, 1U);
  });
}

TEST_F(TakeoverTest, AMachineThatHasReportedIsNotRebooted) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    EXPECT_EQ(world.post(), kUuid);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(count(world, kReboot), 0U);
    EXPECT_EQ(counters(world).power_spared, 1U);
  });
}

TEST_F(TakeoverTest, AReportInTheJournalIsProcessed) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    dead.report(Step::kAccepted);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(count(world, kPowerOff), 1U);
    const std::size_t changes = world.ironic.changes().size();
    EXPECT_EQ(world.post(), kUuid);  // the ramdisk's repetition
    world.rest();
    EXPECT_EQ(world.ironic.changes().size(), changes);
  });
}

TEST_F(TakeoverTest, AReportWhoseNodeWasKnownIsProcessedAgain) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    dead.report(Step::kProcessing);
    EXPECT_EQ(world.post(), kUuid);  // waits for the takeover
    world.rest();
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(counters(world).taken_over, 1U);
    EXPECT_EQ(counters(world).sets_sent_again, 0U);
  });
}

TEST_F(TakeoverTest, AReportWhoseBodyIsTheDataAsPostedIsProcessedAgain) {
  for (const std::string logs : {"", "bG9ncw=="}) {
    in_world([&](World& world, const Dead& dead) {
      world.start();
      world.rest();
      boost::json::object data = testing::report();
      data["inventory"].as_object()["cpu"].as_object()["count"] = 42;
      for (int depth = 0; depth < 40; ++depth) {
        boost::json::array deeper;
        deeper.push_back(std::move(data["deep"]));
        data["deep"] = std::move(deeper);
      }
      dead.stored_report(data, logs);
      const Operation left = world.store.journal.of_node(kUuid, Kind::kProcess).value();
      EXPECT_EQ(left.step, Step::kStored);
      EXPECT_EQ(world.store.journal.logs(left), logs);
      world.rest(kLook);
      EXPECT_EQ(world.state(), "finished");
      EXPECT_EQ(world.ironic.node(kUuid).at("properties").at("cpus").as_string(), "42");
      EXPECT_EQ(counters(world).taken_over, 1U);
      world.store.database.run(sql::Access::kRead, [](sql::Transaction& t) {
        EXPECT_TRUE(t.query("SELECT * FROM cc_operation_part").empty());
      });
    });
  }
}

TEST_F(TakeoverTest, AnotherReportOfANodeThatSomebodyWhoIsGoneProcessedWaits) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    dead.report(Step::kProcessing);
    boost::json::object other = testing::report();
    other["more"] = 1;
    EXPECT_EQ(World::refusal([&] { world.conductor().process(other, world.call()); }).first, 503);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_F(TakeoverTest, TheVerySetThatWasCollectedIsSentAndNoHookRuns) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    Operation report = dead.report(Step::kProcessing);
    NodeChanges changes;
    changes.set("/extra/kept", "as collected");
    changes.remove("/extra/away");
    dead.keep_set(report, changes, "keep-power");
    const std::size_t before = world.ironic.changes().size();
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    const auto sent = world.ironic.changes();
    ASSERT_EQ(sent.size(), before + 1);
    EXPECT_EQ(sent.back(), std::string("PATCH /v1/nodes/") + kUuid +
                               R"( [{"op":"add","path":"/extra/kept","value":"as collected"},)"
                               R"({"op":"add","path":"/extra/away","value":null},)"
                               R"({"op":"remove","path":"/extra/away"}])");
    EXPECT_EQ(counters(world).sets_sent_again, 1U);
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_F(TakeoverTest, WhatHasGoneOnSinceItWasReadIsNotClaimedAsItWas) {
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

TEST_F(TakeoverTest, AnAbortGoesOn) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    world.store.nodes.fire(
        kUuid, Event::kAbort,
        {dead.token(), world.store.journal.enter(dead.operation(Kind::kAbort, Step::kAccepted))});
    world.rest(kLook);
    EXPECT_EQ(world.row().error, "Canceled by operator");
    EXPECT_EQ(count(world, kPowerOff), 1U);
  });
}

TEST_F(TakeoverTest, AReapplyGoesOnFromItsDataOrFromItsSet) {
  for (const bool collected : {false, true}) {
    in_world([&](World& world, const Dead& dead) {
      world.start();
      world.rest();
      world.post();
      world.rest();
      boost::json::object data = testing::report();
      data["inventory"].as_object()["cpu"].as_object()["count"] = 42;
      Operation reapply = dead.operation(Kind::kReapply, Step::kAccepted);
      world.store.nodes.restart(
          kUuid, Event::kReapply,
          {dead.token(), world.store.journal.enter(reapply, boost::json::serialize(data))});
      NodeChanges changes;
      changes.set("/properties/cpus", "43");
      if (collected) dead.keep_set(reapply, changes, "keep-power");
      world.rest(kLook);
      EXPECT_EQ(world.state(), "finished");
      EXPECT_EQ(world.ironic.node(kUuid).at("properties").at("cpus").as_string(),
                collected ? "43" : "42");
    });
  }
}

TEST_F(TakeoverTest, WhatEndedTooManyConductorsIsAnErrorThatTellsWhere) {
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
    EXPECT_EQ(count(world, kReboot), 0U);
    EXPECT_EQ(counters(world).poisoned, 1U);
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
  });
}

/// Deadlocks that no repetition cured, and a database that is away.
TEST_F(TakeoverTest, TroubleOfTheDatabaseIs503ForCallersAndLeavesWhatWasAcceptedForLater) {
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

TEST_F(TakeoverTest, WhatItsNodeIsNotInAStateForIsDropped) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    world.store.nodes.fire(kUuid, Event::kWait, dead.token());
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(count(world, kReboot), 0U);
    EXPECT_FALSE(world.store.journal.of_node(kUuid, Kind::kStart));
  });
}

TEST_F(TakeoverTest, WhoLivesIsLeftAlone) {
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

TEST_F(TakeoverTest, WhoDrainsGivesAwayWhatOnlyWaits) {
  WorldOptions options;
  options.conductor.introspection_delay = 60s;
  in_world(
      [](World& world, const Dead&) {
        world.ironic.add_node({{"uuid", "u-2"},
                               {"provision_state", "manageable"},
                               {"driver_info", {{"ipmi_address", "192.0.2.18"}}}});
        world.start();
        world.conductor().introspect("u-2", true, world.call());
        world.rest();
        EXPECT_EQ(world.store.nodes.get("u-2")->state, State::kStarting);
        const auto before = world.env.now();
        EXPECT_TRUE(world.local().drain(before + 1min));
        EXPECT_LT(world.env.now() - before, 1s);
        EXPECT_EQ(counters(world).handed_over, 1U);
        EXPECT_TRUE(world.locks->try_acquire("u-2"));
        EXPECT_EQ(world.store.journal.of_node("u-2", Kind::kStart)->incarnation, "");
      },
      options);
}

}  // namespace
}  // namespace inspector
