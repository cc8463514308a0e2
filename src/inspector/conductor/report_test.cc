#include "inspector/processing/testing/report.h"
#include "inspector/conductor/testing/operations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::kMac;
using testing::kUuid;
using testing::World;
using testing::WorldOptions;
using Refusal = std::pair<int, std::string>;

class Reports : public testing::Operations {};

const std::string kPowerOff = R"(/states/power {"target":"power off"})";

TEST_P(Reports, AReportFinishesTheIntrospectionAndTurnsTheMachineOff) {
  in_world([](World& world) {
    world.start();
    world.rest();
    EXPECT_EQ(world.post(), kUuid);
    world.rest();
    const Node row = world.row();
    EXPECT_EQ(row.state, State::kFinished);
    EXPECT_TRUE(row.finished_at);
    EXPECT_FALSE(row.error);
    const std::vector<std::string> changes = world.ironic.changes();
    EXPECT_EQ(changes.back(), std::string("PUT /v1/nodes/") + kUuid + kPowerOff);
    EXPECT_EQ(world.ironic.ports(kUuid).size(), 1U);
    EXPECT_NE(world.ironic.node(kUuid).at("properties").as_object().if_contains("memory_mb"),
              nullptr);
  });
}

TEST_P(Reports, BothFormsOfTheDataAreStoredWithoutLogs) {
  in_world([](World& world) {
    world.start();
    world.rest();
    boost::json::object report = testing::report();
    report["logs"] = "aGVsbG8=";
    world.conductor().process(report, world.call());
    const auto stored = [&](bool processed) {
      return boost::json::parse(world.store.data->get(kUuid, processed)).as_object();
    };
    EXPECT_EQ(stored(false).if_contains("all_interfaces"), nullptr);
    EXPECT_NE(stored(true).if_contains("all_interfaces"), nullptr);
    EXPECT_EQ(stored(false).if_contains("logs"), nullptr);
    EXPECT_EQ(stored(true).if_contains("logs"), nullptr);
  });
}

TEST_P(Reports, AnUnknownMachineIsRefusedWithWhatItShowed) {
  in_world([](World& world) {
    const Refusal refusal = World::refusal([&] { world.post(); });
    EXPECT_EQ(refusal.first, 400);
    EXPECT_NE(refusal.second.find(
                  "The following failures happened during running pre-processing hooks:\nLook up "
                  "error: Could not find a node for attributes {'bmc_address': ['192.0.2.17'], "
                  "'mac': ['52:54:00:8a:10:01'"),
              std::string::npos)
        << refusal.second;
  });
}

TEST_P(Reports, TwoNodesThatFitEquallyAreNamed) {
  in_world([](World& world) {
    world.ironic.add_node({{"uuid", "u-2"},
                           {"provision_state", "manageable"},
                           {"driver_info", {{"ipmi_address", "192.0.2.17"}}}});
    world.start();
    world.conductor().introspect("u-2", true, world.call());
    world.rest();
    const Refusal refusal = World::refusal([&] { world.post(); });
    EXPECT_EQ(refusal.first, 400);
    EXPECT_NE(refusal.second.find("Multiple nodes match the same number of attributes"),
              std::string::npos);
    EXPECT_NE(refusal.second.find("'u-2'"), std::string::npos);
  });
}

TEST_P(Reports, AFailedRamdiskEndsAWaitingNodeAsError) {
  in_world([](World& world) {
    world.start();
    world.rest();
    boost::json::object report = testing::report();
    report["error"] = "no disks";
    const Refusal refusal =
        World::refusal([&] { world.conductor().process(report, world.call()); });
    EXPECT_EQ(refusal,
              Refusal(400,
                      "The following failures happened during running pre-processing hooks:\n"
                      "Preprocessing hook ramdisk_error: Ramdisk reported error: no disks"));
    EXPECT_EQ(world.row().error,
              "Preprocessing hook ramdisk_error: Ramdisk reported error: no disks");
    EXPECT_EQ(world.state(), "error");
  });
}

TEST_P(Reports, ARepeatedReportIsAnsweredAsTheFirstUntilTheNextStart) {
  in_world([](World& world) {
    world.start();
    world.rest();
    EXPECT_EQ(world.post(), kUuid);
    world.rest();
    const std::size_t changes = world.ironic.changes().size();
    EXPECT_EQ(world.post(), kUuid);
    world.rest();
    EXPECT_EQ(world.ironic.changes().size(), changes);
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(world.post(), kUuid);
    world.rest();
    EXPECT_EQ(world.state(), "finished");
  });
}

/// The ramdisk gives up for good after 30 s, and comes again after a 503.
TEST_P(Reports, OneThatTakesLongIsA503InTimeAndItsRepetitionGetsTheResult) {
  in_world([](World& world) {
    world.start();
    world.rest();
    const std::size_t before = world.ironic.changes().size();
    world.ironic.answer_after(world.env, 6s);
    const auto first = world.env.now();
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    EXPECT_LE(world.env.now() - first, 20s);
    EXPECT_EQ(world.state(), "processing");
    const auto second = world.env.now();
    EXPECT_EQ(world.post(), kUuid);
    EXPECT_GT(world.env.now(), second);
    world.rest(1min);
    EXPECT_EQ(world.state(), "finished");
    const auto changes = world.ironic.changes();
    EXPECT_EQ(std::count_if(changes.begin() + static_cast<std::ptrdiff_t>(before), changes.end(),
                            [](const std::string& each) { return each.starts_with("PATCH"); }),
              1);
    EXPECT_EQ(world.post(), kUuid);
    EXPECT_EQ(world.ironic.changes().size(), changes.size());
  });
}

TEST_P(Reports, AnotherReportForAFinishedNodeIsRefused) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.post();
    world.rest();
    boost::json::object other = testing::report();
    other["more"] = 1;
    EXPECT_EQ(World::refusal([&] { world.conductor().process(other, world.call()); }).first, 400);
    EXPECT_EQ(world.state(), "finished");
  });
}

TEST_P(Reports, ANodeDeletedFromIronicIsA404) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid, ironic::Error(404, "gone"));
    EXPECT_EQ(World::refusal([&] { world.post(); }),
              Refusal(404, std::string("Node ") + kUuid + " was not found in Ironic"));
    EXPECT_EQ(world.state(), "error");
  });
}

TEST_P(Reports, DoubtAboutIronicLeavesTheReportInTheJournalAndItGoesOnByItself) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid, ironic::Error(0, "away"));
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    EXPECT_EQ(world.state(), "processing");
    EXPECT_TRUE(world.store.journal.under_way(PostedReport(testing::report()).digest));
    world.rest(30s);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_P(Reports, AReportThatWaitsForItsNodeIsEnteredBeforeItWaits) {
  in_world([](World& world) {
    world.start();
    world.rest();
    std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
    auto post = world.env.spawn("post", [&](const std::stop_token&) {
      EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    });
    world.rest(1s);
    const auto waits = world.store.journal.of_node(kUuid, Operation::Kind::kProcess);
    ASSERT_TRUE(waits);
    EXPECT_EQ(waits->step, Operation::Step::kAccepted);
    post.reset();
    held.reset();
    world.rest(30s);
    EXPECT_EQ(world.state(), "finished");
  });
}

TEST_P(Reports, AnIronicThatIsAwayInTheMiddleOfAReportIsAwaited) {
  in_world([](World& world) {
    const std::string node = std::string("/v1/nodes/") + kUuid;
    world.start();
    world.rest();
    for (const std::string& request : {std::string("GET /v1/ports"), std::string("POST /v1/ports"),
                                       "PATCH " + node, "PUT " + node + "/states"})
      for (const int status : {0, 503, 504})
        world.ironic.refuse(request, ironic::Error(status, "away"));
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    EXPECT_EQ(world.state(), "processing");
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    world.rest(300s);
    EXPECT_EQ(world.state(), "finished");
    EXPECT_FALSE(world.row().error);
    EXPECT_EQ(world.post(), kUuid);
    EXPECT_EQ(world.ironic.node(kUuid).at("properties").at("cpus").as_string(), "56");
  });
}

TEST_P(Reports, AReapplyWaitsForIronicToo) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.post();
    world.rest();
    for (const int status : {0, 503, 504})
      world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid, ironic::Error(status, "away"));
    world.conductor().reapply(kUuid, nullptr, world.call());
    world.rest(5s);
    EXPECT_EQ(world.state(), "reapplying");
    world.rest(300s);
    EXPECT_EQ(world.state(), "finished");
  });
}

TEST_P(Reports, ARefusedPatchEndsTheIntrospection) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("PATCH /v1/nodes/") + kUuid, ironic::Error(400, "bad patch"));
    const Refusal refusal = World::refusal([&] { world.post(); });
    EXPECT_EQ(refusal.first, 500);
    EXPECT_EQ(world.row().error, refusal.second);
    EXPECT_EQ(world.state(), "error");
  });
}

TEST_P(Reports, APowerOffThatFailsIsTheErrorOfTheNode) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("PUT /v1/nodes/") + kUuid + "/states",
                        ironic::Error(400, "stuck"));
    EXPECT_EQ(world.post(), kUuid);
    world.rest();
    EXPECT_EQ(world.row().error, std::string("Failed to power off node ") + kUuid +
                                     ", check its power management configuration: stuck");
  });
}

TEST_P(Reports, APowerOffThatFailsIsNoErrorForAnEnrolledNode) {
  in_world([](World& world) {
    boost::json::object node = world.ironic.node(kUuid);
    node["provision_state"] = "enroll";
    world.ironic.add_node(node);
    world.start();
    world.rest();
    world.ironic.refuse(std::string("PUT /v1/nodes/") + kUuid + "/states",
                        ironic::Error(400, "stuck"));
    world.post();
    world.rest();
    EXPECT_EQ(world.state(), "finished");
  });
}

TEST_P(Reports, AReportWaitsForTheEndOfTheStart) {
  in_world([](World& world) {
    world.start();
    world.rest();
    std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
    auto later = world.env.spawn("later", [&](const std::stop_token& stop) {
      world.env.sleep_for(5s, stop);
      held.reset();
    });
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_P(Reports, AReportOfALockedNodeIsA503InTime) {
  in_world([](World& world) {
    world.start();
    world.rest();
    const std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
    const auto start = world.env.now();
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    EXPECT_LE(world.env.now() - start, 20s);
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST_P(Reports, ANodeInUseMayReportByItself) {
  WorldOptions options;
  options.processing.permit_active_introspection = true;
  in_world(
      [](World& world) {
        boost::json::object node = testing::usual_node();
        node["provision_state"] = "active";
        world.ironic.add_node(node);
        world.ironic.add_port({{"uuid", "p-1"}, {"address", kMac}, {"node_uuid", kUuid}});
        EXPECT_EQ(world.post(), kUuid);
        world.rest();
        EXPECT_EQ(world.state(), "finished");
        for (const std::string& change : world.ironic.changes())
          EXPECT_FALSE(change.starts_with("PUT")) << change;
        boost::json::object again = testing::report();
        again["more"] = 1;
        EXPECT_EQ(world.conductor().process(again, world.call()), kUuid);
      },
      options);
}

TEST_P(Reports, AReportThatFitsNoOneNodeInUseIsRefused) {
  WorldOptions options;
  options.processing.permit_active_introspection = true;
  in_world(
      [](World& world) {
        EXPECT_EQ(World::refusal([&] { world.post(); }),
                  Refusal(400, std::string("Node ") + kUuid +
                                   " is not active, its provision state is manageable"));
        world.ironic.add_port({{"uuid", "p-1"}, {"address", kMac}, {"node_uuid", "other"}});
        EXPECT_NE(World::refusal([&] {
                    world.post();
                  }).second.find("correspond to different nodes: other and "),
                  std::string::npos);
        EXPECT_FALSE(world.store.nodes.get(kUuid));
      },
      options);
}

INSTANTIATE_TEST_SUITE_P(Local, Reports, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Remote, Reports, ::testing::Values(true));

}  // namespace
}  // namespace inspector
