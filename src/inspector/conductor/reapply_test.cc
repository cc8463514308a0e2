#include "inspector/conductor/testing/operations.h"
#include "inspector/processing/testing/report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

using testing::kUuid;
using testing::World;
using Refusal = std::pair<int, std::string>;

class Reapplies : public testing::Operations {};

TEST_P(Reapplies, ReapplyProcessesStoredDataWithoutTouchingPower) {
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

TEST_P(Reapplies, ReapplyWithDataStoresIt) {
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

TEST_P(Reapplies, AReportAsDeepAsIsTakenIsReappliedFromTheStore) {
  in_world([](World& world) {
    boost::json::value deep = "x";
    for (int i = 0; i < 60; ++i)
      deep = boost::json::array{std::move(deep)};
    boost::json::object data = testing::report();
    data["deep"] = std::move(deep);
    world.start();
    world.rest();
    world.conductor().process(data, world.call());
    world.rest();
    world.conductor().reapply(kUuid, nullptr, world.call());
    world.rest();
    EXPECT_EQ(world.state(), "finished");
  });
}

TEST_P(Reapplies, ReappliesThatCannotBeChangeNothing) {
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

TEST_P(Reapplies, AReapplyThatFailsIsTheErrorOfTheNode) {
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

INSTANTIATE_TEST_SUITE_P(Local, Reapplies, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Remote, Reapplies, ::testing::Values(true));

}  // namespace
}  // namespace inspector
