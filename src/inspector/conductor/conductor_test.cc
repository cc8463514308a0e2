#include "inspector/conductor/conductor.h"

#include "inspector/conductor/testing/world.h"
#include "inspector/processing/testing/report.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::kMac;
using testing::kUuid;
using testing::World;
using testing::WorldOptions;
using Refusal = std::pair<int, std::string>;

/// The operations, asked directly and by JSON-RPC.
class Operations : public ::testing::TestWithParam<bool> {
 protected:
  void in_world(const std::function<void(World&)>& body, WorldOptions options = {}) {
    options.remote = GetParam();
    sim::SimEnv env(7);
    env.run([&] {
      World world(env, std::move(options));
      body(world);
    });
  }
};

const std::string kPowerOff = R"(/states/power {"target":"power off"})";
const std::string kReboot = R"(/states/power {"target":"rebooting"})";

TEST_P(Operations, AStartPreparesTheMachineAndWaitsForItsReport) {
  in_world([](World& world) {
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
    const std::string node = std::string("/v1/nodes/") + kUuid;
    EXPECT_EQ(
        world.ironic.requests(),
        (std::vector<std::string>{
            "GET " + node, "GET " + node + "/validate",
            std::string("GET /v1/ports/detail?node=") + kUuid,
            "PUT " + node + R"(/management/boot_device {"boot_device":"pxe","persistent":false})",
            "PUT " + node + kReboot}));
  });
}

TEST_P(Operations, AReportFinishesTheIntrospectionAndTurnsTheMachineOff) {
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

TEST_P(Operations, BothFormsOfTheDataAreStoredWithoutLogs) {
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

TEST_P(Operations, NamesAreLookedUpInIronic) {
  in_world([](World& world) {
    world.conductor().introspect("node-1", true, world.call());
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
    world.conductor().abort("node-1", world.call());
    world.rest();
    EXPECT_EQ(world.row().error, "Canceled by operator");
  });
}

TEST_P(Operations, StartsThatCannotBeAreRefusedWithUpstreamsTexts) {
  in_world([](World& world) {
    EXPECT_EQ(World::refusal([&] { world.conductor().introspect("absent", true, world.call()); }),
              Refusal(404, "Node absent was not found in Ironic"));
    world.ironic.add_node({{"uuid", "u-2"}, {"provision_state", "available"}});
    EXPECT_EQ(
        World::refusal([&] { world.conductor().introspect("u-2", true, world.call()); }).first,
        400);
    world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid + "/validate",
                        ironic::Error(400, "no power"));
    EXPECT_EQ(World::refusal([&] { world.start(); }),
              Refusal(400, "Failed validation of power interface: no power"));
    EXPECT_FALSE(world.store.nodes.get(kUuid));
  });
}

TEST_P(Operations, AnIronicThatDoesNotAnswerIsA503) {
  in_world([](World& world) {
    world.ironic.refuse("GET /v1/nodes", ironic::Error(0, "no answer"));
    EXPECT_EQ(World::refusal([&] { world.start(); }),
              Refusal(503, std::string("Cannot get node ") + kUuid + ": no answer"));
  });
}

TEST_P(Operations, AStartMayBeRepeatedWhileTheReportIsAwaited) {
  in_world([](World& world) {
    world.start();
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST_P(Operations, FailuresInTheBackgroundEndAsErrors) {
  in_world([](World& world) {
    world.ironic.refuse(std::string("PUT /v1/nodes/") + kUuid + "/management",
                        ironic::Error(500, "oh"));
    world.start();
    world.rest();
    EXPECT_EQ(world.row().error, "Failed to set boot device to PXE: oh");
    world.ironic.refuse(std::string("PUT /v1/nodes/") + kUuid + "/states",
                        ironic::Error(500, "oh"));
    world.start();
    world.rest();
    EXPECT_EQ(world.row().error,
              "Failed to power on the node, check its power management configuration: oh");
    EXPECT_EQ(world.state(), "error");
  });
}

TEST_P(Operations, AMachineThatCannotBeRecognisedIsAnError) {
  in_world([](World& world) {
    world.ironic.add_node({{"uuid", kUuid}, {"provision_state", "enroll"}});
    const std::string text =
        "No lookup attributes were found, inspector won't be able to find it after introspection, "
        "consider creating ironic ports or providing an IPMI address";
    world.start();
    world.rest();
    EXPECT_EQ(world.row().error, text);
    EXPECT_EQ(World::refusal([&] { world.start(false); }), Refusal(400, text));
    EXPECT_EQ(world.state(), "error");
  });
}

TEST_P(Operations, PortsMakeAMachineFindableAndTheFilterIsTold) {
  in_world([](World& world) {
    world.ironic.add_node({{"uuid", kUuid}, {"provision_state", "enroll"}});
    world.ironic.add_port({{"uuid", "p-1"}, {"address", kMac}, {"node_uuid", kUuid}});
    world.start();
    world.rest();
    EXPECT_EQ(world.filter.syncs, 1);
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_P(Operations, UnmanagedBootTouchesNeitherBootDeviceNorPower) {
  in_world([](World& world) {
    world.start(false);
    EXPECT_EQ(world.state(), "waiting");
    world.post();
    world.rest();
    EXPECT_EQ(world.state(), "finished");
    for (const std::string& change : world.ironic.changes())
      EXPECT_FALSE(change.starts_with("PUT")) << change;
  });
}

TEST_P(Operations, ANodeInUseIsNeverRebooted) {
  WorldOptions options;
  options.processing.permit_active_introspection = true;
  in_world(
      [](World& world) {
        boost::json::object node = world.ironic.node(kUuid);
        node["provision_state"] = "active";
        world.ironic.add_node(node);
        world.start();
        world.rest();
        EXPECT_EQ(world.state(), "waiting");
        world.post();
        world.rest();
        world.conductor().abort(kUuid, world.call());
        world.rest();
        for (const std::string& change : world.ironic.changes())
          EXPECT_FALSE(change.starts_with("PUT")) << change;
        EXPECT_EQ(world.state(), "finished");
      },
      options);
}

TEST_P(Operations, AnAbortTurnsTheMachineOffAndFreesTheNode) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.conductor().abort(kUuid, world.call());
    world.rest();
    EXPECT_EQ(world.state(), "error");
    EXPECT_EQ(world.row().error, "Canceled by operator");
    EXPECT_EQ(world.ironic.changes().back(), std::string("PUT /v1/nodes/") + kUuid + kPowerOff);
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 400);
    world.conductor().abort(kUuid, world.call());
    world.rest();
    EXPECT_EQ(world.row().error, "Canceled by operator");
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST_P(Operations, AnAbortedNodeWhosePowerDoesNotObeyIsAbortedAllTheSame) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("PUT /v1/nodes/") + kUuid + "/states",
                        ironic::Error(400, "no"));
    world.conductor().abort(kUuid, world.call());
    world.rest();
    EXPECT_EQ(world.row().error, "Canceled by operator");
  });
}

TEST_P(Operations, AbortsThatDoNothingAreAcceptedAndOthersRefused) {
  in_world([](World& world) {
    EXPECT_EQ(World::refusal([&] { world.conductor().abort(kUuid, world.call()); }),
              Refusal(404, std::string("Could not find node ") + kUuid + " in cache"));
    world.start();
    world.rest();
    {
      const std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
      EXPECT_EQ(World::refusal([&] { world.conductor().abort(kUuid, world.call()); }),
                Refusal(409, "Node is locked, please, retry later"));
    }
    world.post();
    world.rest();
    world.conductor().abort(kUuid, world.call());
    world.rest();
    EXPECT_EQ(world.state(), "finished");
  });
}

TEST_P(Operations, AnUnknownMachineIsRefusedWithWhatItShowed) {
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

TEST_P(Operations, TwoNodesThatFitEquallyAreNamed) {
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

TEST_P(Operations, AFailedRamdiskEndsAWaitingNodeAsError) {
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

TEST_P(Operations, ARepeatedReportIsAnsweredAsTheFirstUntilTheNextStart) {
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

TEST_P(Operations, AnotherReportForAFinishedNodeIsRefused) {
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

TEST_P(Operations, ANodeDeletedFromIronicIsA404) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid, ironic::Error(404, "gone"));
    EXPECT_EQ(World::refusal([&] { world.post(); }),
              Refusal(404, std::string("Node ") + kUuid + " was not found in Ironic"));
    EXPECT_EQ(world.state(), "error");
  });
}

TEST_P(Operations, DoubtAboutIronicLeavesTheNodeWaitingForTheNextReport) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.ironic.refuse(std::string("GET /v1/nodes/") + kUuid, ironic::Error(0, "away"));
    EXPECT_EQ(World::refusal([&] { world.post(); }).first, 503);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_P(Operations, ARefusedPatchEndsTheIntrospection) {
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

TEST_P(Operations, APowerOffThatFailsIsTheErrorOfTheNode) {
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

TEST_P(Operations, APowerOffThatFailsIsNoErrorForAnEnrolledNode) {
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

TEST_P(Operations, AReportWaitsForTheEndOfTheStart) {
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

TEST_P(Operations, AReportOfALockedNodeIsA503InTime) {
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

TEST_P(Operations, ReapplyProcessesStoredDataWithoutTouchingPower) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.post();
    world.rest();
    const std::size_t before = world.ironic.changes().size();
    const auto started = world.row().started_at;
    world.conductor().reapply(kUuid, nullptr, world.call());
    world.rest();
    EXPECT_EQ(world.state(), "finished");
    EXPECT_FALSE(world.row().error);
    EXPECT_GT(world.row().started_at, started);
    const std::vector<std::string> changes = world.ironic.changes();
    for (std::size_t i = before; i < changes.size(); ++i)
      EXPECT_FALSE(changes[i].starts_with("PUT")) << changes[i];
  });
}

TEST_P(Operations, ReapplyWithDataStoresIt) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.post();
    world.rest();
    boost::json::object data = testing::report();
    data["inventory"].as_object()["cpu"].as_object()["count"] = 42;
    world.conductor().reapply(kUuid, &data, world.call());
    world.rest();
    EXPECT_EQ(world.ironic.node(kUuid).at("properties").at("cpus").as_string(), "42");
    data.erase("logs");
    EXPECT_EQ(boost::json::parse(world.store.data->get(kUuid, false)).as_object(), data);
  });
}

TEST_P(Operations, ReappliesThatCannotBeChangeNothing) {
  in_world([](World& world) {
    boost::json::object data = testing::report();
    EXPECT_EQ(World::refusal([&] { world.conductor().reapply(kUuid, &data, world.call()); }),
              Refusal(404, std::string("Could not find node ") + kUuid + " in cache"));
    world.start();
    world.rest();
    const auto started = world.row().started_at;
    EXPECT_EQ(World::refusal([&] { world.conductor().reapply(kUuid, &data, world.call()); }),
              Refusal(400,
                      "Can not transition from state 'waiting' on event 'reapply' (no defined "
                      "transition)"));
    EXPECT_EQ(
        World::refusal([&] { world.conductor().reapply(kUuid, nullptr, world.call()); }).first,
        404);
    EXPECT_EQ(world.row().started_at, started);
    const std::optional<NodeLock> held = world.locks->try_acquire(kUuid);
    EXPECT_EQ(World::refusal([&] { world.conductor().reapply(kUuid, &data, world.call()); }),
              Refusal(409, "Node locked, please, try again later"));
  });
}

TEST_P(Operations, AReapplyThatFailsIsTheErrorOfTheNode) {
  in_world([](World& world) {
    world.start();
    world.rest();
    world.post();
    world.rest();
    boost::json::object data = testing::report();
    data["error"] = "no disks";
    world.conductor().reapply(kUuid, &data, world.call());
    world.rest();
    EXPECT_EQ(world.row().error,
              "Pre-processing failures detected reapplying introspection on stored data:\n"
              "Preprocessing hook ramdisk_error: Ramdisk reported error: no disks");
  });
}

TEST_P(Operations, ANodeInUseMayReportByItself) {
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

TEST_P(Operations, AReportThatFitsNoOneNodeInUseIsRefused) {
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

TEST_P(Operations, TooManyStartsAreRefusedUntilSomeAreDone) {
  WorldOptions options;
  options.conductor.introspection_delay = 60s;
  options.conductor.max_concurrency = 2;
  in_world(
      [](World& world) {
        for (const std::string id : {"u-1", "u-2", "u-3", "u-4"})
          world.ironic.add_node({{"uuid", id},
                                 {"provision_state", "manageable"},
                                 {"driver_info", {{"ipmi_address", "192.0.2.1" + id.substr(2)}}}});
        const auto start = [&](const char* id) {
          world.conductor().introspect(id, true, world.call());
          world.rest();
        };
        start("u-1");
        start("u-2");
        start("u-3");
        EXPECT_EQ(World::refusal([&] { start("u-4"); }),
                  Refusal(503, "Too many introspections are in progress, please, retry later"));
        EXPECT_FALSE(world.store.nodes.get("u-4"));
        world.rest(5min);
        start("u-4");
        world.rest(5min);
        EXPECT_EQ(world.store.nodes.get("u-4")->state, State::kWaiting);
      },
      options);
}

INSTANTIATE_TEST_SUITE_P(Local, Operations, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Remote, Operations, ::testing::Values(true));

}  // namespace
}  // namespace inspector
