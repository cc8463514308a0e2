// What a dead conductor leaves in the journal, and how another goes on with it.
#include "inspector/conductor/testing/dead.h"
#include "inspector/processing/testing/report.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::Dead;
using testing::kUuid;
using testing::TakeoverTest;
using testing::World;
using testing::WorldOptions;
using Kind = Operation::Kind;
using Step = Operation::Step;

TEST_F(TakeoverTest, AStartThatHadOnlyBeenAcceptedIsMadeFromTheBeginning) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kAccepted);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(world.ironic.changes().size(), 2U);
    EXPECT_EQ(reboots(world), 1U);
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
        EXPECT_EQ(reboots(world), 0U);
        world.rest(10s);
        EXPECT_EQ(world.state(), "waiting");
        EXPECT_EQ(reboots(world), 1U);
      },
      options);
}

TEST_F(TakeoverTest, ARebootOfWhichNobodyKnowsIsAskedForOnceMore) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(reboots(world), 1U);
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
    EXPECT_EQ(reboots(world), 0U);
    EXPECT_EQ(counters(world).power_awaited, 1U);
  });
}

TEST_F(TakeoverTest, AMachineThatHasReportedIsNotRebooted) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    EXPECT_EQ(world.post(), kUuid);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(reboots(world), 0U);
    EXPECT_EQ(counters(world).power_spared, 1U);
  });
}

/// Somebody who lives has its report, and waits for the node's lock.
TEST_F(TakeoverTest, AMachineWhoseReportWaitsIsNotRebooted) {
  in_world([](World& world, const Dead& dead) {
    dead.start(Step::kPower);
    std::optional<NodeLock> proof = world.locks->try_acquire(Owner::lock_name("alive"));
    Operation report = dead.operation(Kind::kProcess, Step::kAccepted);
    report.incarnation = "alive";
    const std::string body = boost::json::serialize(testing::report());
    report.digest = sha256_hex(body);
    world.store.journal.accept(report, body);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(counters(world).power_spared, 1U);
    proof.reset();
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(reboots(world), 0U);
  });
}

TEST_F(TakeoverTest, AReportInTheJournalIsProcessed) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    dead.report(Step::kAccepted);
    world.rest(kLook);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(power_offs(world), 1U);
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

TEST_F(TakeoverTest, AnAbortGoesOn) {
  in_world([](World& world, const Dead& dead) {
    world.start();
    world.rest();
    world.store.nodes.fire(
        kUuid, Event::kAbort,
        {dead.token(), world.store.journal.enter(dead.operation(Kind::kAbort, Step::kAccepted))});
    world.rest(kLook);
    EXPECT_EQ(world.row().error, "Canceled by operator");
    EXPECT_EQ(power_offs(world), 1U);
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

}  // namespace
}  // namespace inspector
