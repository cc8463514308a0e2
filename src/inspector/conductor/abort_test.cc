#include "inspector/conductor/testing/operations.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

using testing::kUuid;
using testing::World;
using Refusal = std::pair<int, std::string>;

class Aborts : public testing::Operations {};

const std::string kPowerOff = R"(/states/power {"target":"power off"})";

TEST_P(Aborts, AnAbortTurnsTheMachineOffAndFreesTheNode) {
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

TEST_P(Aborts, AnAbortedNodeWhosePowerDoesNotObeyIsAbortedAllTheSame) {
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

TEST_P(Aborts, AbortsThatDoNothingAreAcceptedAndOthersRefused) {
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

INSTANTIATE_TEST_SUITE_P(Local, Aborts, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(Remote, Aborts, ::testing::Values(true));

}  // namespace
}  // namespace inspector
