#include "inspector/conductor/testing/operations.h"

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

class Starts : public testing::Operations {};

const std::string kReboot = R"(/states/power {"target":"rebooting"})";

TEST_P(Starts, AStartPreparesTheMachineAndWaitsForItsReport) {
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

TEST_P(Starts, NamesAreLookedUpInIronic) {
  in_world([](World& world) {
    world.conductor().introspect("node-1", true, world.call());
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
    world.conductor().abort("node-1", world.call());
    world.rest();
    EXPECT_EQ(world.row().error, "Canceled by operator");
  });
}

TEST_P(Starts, StartsThatCannotBeAreRefusedWithUpstreamsTexts) {
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

TEST_P(Starts, AnIronicThatDoesNotAnswerIsA503) {
  in_world([](World& world) {
    world.ironic.refuse("GET /v1/nodes", ironic::Error(0, "no answer"));
    EXPECT_EQ(World::refusal([&] { world.start(); }),
              Refusal(503, std::string("Cannot get node ") + kUuid + ": no answer"));
  });
}

TEST_P(Starts, AStartMayBeRepeatedWhileTheReportIsAwaited) {
  in_world([](World& world) {
    world.start();
    world.start();
    world.rest();
    EXPECT_EQ(world.state(), "waiting");
  });
}

TEST_P(Starts, FailuresInTheBackgroundEndAsErrors) {
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

TEST_P(Starts, AnIronicThatGoesAwayAfterTheAcceptanceIsAwaited) {
  in_world([](World& world) {
    const std::string node = std::string("/v1/nodes/") + kUuid;
    for (const std::string& request :
         {std::string("GET /v1/ports"), "PUT " + node + "/management", "PUT " + node + "/states"})
      for (const int status : {0, 503, 502})
        world.ironic.refuse(request, ironic::Error(status, "away"));
    world.start();
    world.rest(5s);
    EXPECT_EQ(world.state(), "starting");
    world.rest(300s);
    EXPECT_EQ(world.state(), "waiting");
    EXPECT_FALSE(world.row().error);
    world.ironic.refuse("GET /v1/ports", ironic::Error(0, "away"));
    EXPECT_EQ(World::refusal([&] { world.start(false); }).first, 503);
    EXPECT_EQ(world.state(), "error");  // its caller knows: nothing was accepted
  });
}

TEST_P(Starts, AMachineThatCannotBeRecognisedIsAnError) {
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

TEST_P(Starts, PortsMakeAMachineFindableAndTheFilterIsTold) {
  in_world([](World& world) {
    world.ironic.add_node({{"uuid", kUuid}, {"provision_state", "enroll"}});
    world.ironic.add_port({{"uuid", "p-1"}, {"address", kMac}, {"node_uuid", kUuid}});
    world.start();
    world.rest();
    EXPECT_EQ(world.filter.syncs, 1);
    EXPECT_EQ(world.post(), kUuid);
  });
}

TEST_P(Starts, UnmanagedBootTouchesNeitherBootDeviceNorPower) {
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

TEST_P(Starts, ANodeInUseIsNeverRebooted) {
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

TEST_P(Starts, TooManyStartsAreRefusedUntilSomeAreDone) {
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

TEST_P(Starts, WhatNoThreadHasComeToIsNotCountedAsBegun) {
  constexpr std::int64_t kThreads = 256, kMore = 3;
  WorldOptions options;
  options.conductor.max_concurrency = 300;
  in_world(
      [&](World& world) {
        world.ironic.answer_after(world.env, 5s);
        const auto begun = [&] {
          std::pair<std::int64_t, std::int64_t> counts;
          world.store.database.run(sql::Access::kRead, [&](sql::Transaction& t) {
            const auto rows = t.query(
                "SELECT SUM(tries = 0), SUM(tries < 0) FROM cc_operation WHERE step = 'accepted'");
            counts = {rows[0].integer(0), rows[0].integer(1)};
          });
          return counts;
        };
        std::vector<std::unique_ptr<base::Env::Thread>> callers;
        for (std::int64_t i = 0; i < kThreads + kMore; ++i) {
          if (i == kThreads) world.rest(1s);  // so that the first of them have all threads
          const std::string id = "u-" + std::to_string(i);
          world.ironic.add_node({{"uuid", id},
                                 {"provision_state", "manageable"},
                                 {"driver_info", {{"ipmi_address", "192.0.2.7"}}}});
          callers.push_back(world.env.spawn("caller", [&world, id](const std::stop_token&) {
            world.conductor().introspect(id, true, world.call());
          }));
        }
        world.rest(11s);  // two requests before the answer, and the first of those behind it
        EXPECT_EQ(begun(), std::pair(kThreads, kMore));
        world.rest(1min);
        for (std::int64_t i = 0; i < kThreads + kMore; ++i)
          EXPECT_EQ(world.store.nodes.get("u-" + std::to_string(i))->state, State::kWaiting);
      },
      options);
}

INSTANTIATE_TEST_SUITE_P(Local, Starts, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Remote, Starts, ::testing::Values(true));

}  // namespace
}  // namespace inspector
