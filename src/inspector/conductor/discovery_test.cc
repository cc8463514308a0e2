#include "inspector/conductor/discovery.h"

#include "inspector/conductor/testing/world.h"
#include "inspector/processing/testing/report.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

using testing::World;
using testing::WorldOptions;
using Refusal = std::pair<int, std::string>;

const testing::Machine kStranger{
    .boot_mac = "52:54:00:99:00:01", .other_mac = "52:54:00:99:00:02", .bmc = "192.0.2.99"};
const Attributes kSeen{{"bmc_address", {"192.0.2.99"}},
                       {"mac", {"52:54:00:99:00:01", "52:54:00:99:00:02"}}};

std::string failures(const std::string& line) {
  return "The following failures happened during running pre-processing hooks:\n" + line;
}

// ---- the node that is made

ProcessingOptions discovering() {
  ProcessingOptions options = testing::usual_processing();
  options.node_not_found = ProcessingOptions::NotFound::kEnroll;
  return options;
}

std::string made(const Attributes& seen, const ProcessingOptions& options = discovering()) {
  json::object node = discovered_node(findable(seen), options);
  node.stable_erase("uuid");
  return json::serialize(node);
}

std::string uuid_of(const Attributes& seen) {
  return std::string(discovered_node(findable(seen), discovering()).at("uuid").as_string());
}

TEST(DiscoveredNode, HasTheDriverTheBmcAndTheConfiguredFields) {
  EXPECT_EQ(made(kSeen),
            R"({"driver":"fake-hardware","driver_info":{"ipmi_address":"192.0.2.99"}})");
  ProcessingOptions options = discovering();
  options.enroll_driver = "ipmi";
  options.enroll_fields = {{"owner", "me"}, {"driver_info", "ignored"}};
  EXPECT_EQ(made({{"bmc_address", {}}, {"mac", {"m"}}}, options),
            R"({"owner":"me","driver_info":{},"driver":"ipmi"})");
}

TEST(DiscoveredNode, TheBmcsAddressIsOfTheFirstVersionThatThereIs) {
  const Attributes both{{"bmc_address", {"192.0.2.99", "2001:db8::9"}}, {"mac", {"m"}}};
  const auto address = [&](std::vector<int> versions) {
    ProcessingOptions options = discovering();
    options.enroll_bmc_versions = std::move(versions);
    return made(both, options);
  };
  EXPECT_NE(address({4, 6}).find("192.0.2.99"), std::string::npos);
  EXPECT_NE(address({6, 4}).find("2001:db8::9"), std::string::npos);
  EXPECT_EQ(address({}), R"({"driver":"fake-hardware","driver_info":{}})");
}

TEST(DiscoveredNode, IsTheSameForTheSameMachineAndForNoOther) {
  const std::string uuid = uuid_of(kSeen);
  EXPECT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '5');
  EXPECT_EQ(uuid_of({{"bmc_address", {}},
                     {"mac", {"52:54:00:99:00:02", "52:54:00:99:00:01", "52:54:00:99:00:01"}}}),
            uuid);
  EXPECT_NE(uuid_of({{"bmc_address", {"192.0.2.99"}}, {"mac", {"52:54:00:99:00:01"}}}), uuid);
  EXPECT_NE(uuid_of({{"bmc_address", {"192.0.2.99"}}, {"mac", {}}}),
            uuid_of({{"bmc_address", {"192.0.2.98"}}, {"mac", {}}}));
}

// ---- in a conductor

class Discovery : public ::testing::Test {
 protected:
  void in_world(const std::function<void(World&)>& body, ProcessingOptions options) {
    sim::SimEnv env(5);
    env.run([&] {
      World world(env, {.processing = std::move(options)});
      body(world);
    });
  }
  void in_world(const std::function<void(World&)>& body) { in_world(body, discovering()); }

  static std::string post(World& world) {
    return world.conductor().process(testing::report(kStranger), world.call());
  }
  static std::size_t nodes(World& world) { return world.ironic.all_nodes("uuid", {}).size(); }

  const std::string uuid_ = uuid_of(kSeen);
};

TEST_F(Discovery, AnUnknownMachineGetsANodeAndIsIntrospected) {
  in_world([&](World& world) {
    EXPECT_EQ(post(world), uuid_);
    world.rest();
    const auto row = world.store.nodes.get(uuid_);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->state, State::kFinished);
    EXPECT_FALSE(row->error);
    const json::object node = world.ironic.node(uuid_);
    EXPECT_EQ(node.at("driver_info").at("ipmi_address"), "192.0.2.99");
    EXPECT_EQ(node.at("properties").at("cpus"), "56");
    EXPECT_EQ(world.ironic.ports(uuid_).size(), 1U);
    const json::value data = json::parse(world.store.data->get(uuid_, true));
    EXPECT_EQ(data.at("auto_discovered"), true);
    EXPECT_FALSE(world.store.nodes.auto_discovered(uuid_));
  });
}

TEST_F(Discovery, WithoutTheHookItIsRefused) {
  in_world(
      [&](World& world) {
        const Refusal refusal = World::refusal([&] { post(world); });
        EXPECT_EQ(refusal.first, 400);
        EXPECT_NE(refusal.second.find("Look up error: Could not find a node"), std::string::npos);
        EXPECT_EQ(nodes(world), 1U);
      },
      testing::usual_processing());
}

TEST_F(Discovery, TheExampleHookReturnsNothing) {
  ProcessingOptions options = discovering();
  options.node_not_found = ProcessingOptions::NotFound::kExample;
  in_world(
      [&](World& world) {
        EXPECT_EQ(World::refusal([&] { post(world); }),
                  Refusal(400, failures("Node not found hook returned nothing")));
      },
      options);
}

TEST_F(Discovery, AMachineOfIronicsIsNotEnrolledAgain) {
  in_world([&](World& world) {
    world.ironic.add_port(
        {{"uuid", "p-1"}, {"address", kStranger.other_mac}, {"node_uuid", testing::kUuid}});
    EXPECT_EQ(World::refusal([&] { post(world); }),
              Refusal(400, failures("Node not found hook failed: Port 52:54:00:99:00:02 already "
                                    "exists, uuid: p-1")));
    EXPECT_EQ(nodes(world), 1U);
  });
  in_world([&](World& world) {
    json::object node = testing::usual_node();
    node["driver_info"] = json::object{{"ipmi_address", kStranger.bmc}};
    world.ironic.add_node(node);
    EXPECT_EQ(World::refusal([&] { post(world); }),
              Refusal(400, failures(std::string("Node not found hook failed: Node ") +
                                    testing::kUuid + " already has BMC address 192.0.2.99")));
  });
}

TEST_F(Discovery, ABmcsAddressOfAVersionThatIsOffTellsNothing) {
  ProcessingOptions options = discovering();
  options.enroll_bmc_versions = {6};
  const auto body = [&](World& world) {
    json::object node = testing::usual_node();
    node["driver_info"] = json::object{{"ipmi_address", kStranger.bmc}};
    world.ironic.add_node(node);
    EXPECT_EQ(post(world), uuid_);
    EXPECT_EQ(nodes(world), 2U);
  };
  in_world(body, options);
}

TEST_F(Discovery, ANodeThatIronicDoesNotWantIsNoNode) {
  in_world([&](World& world) {
    world.ironic.refuse("POST /v1/nodes", {400, "POST /v1/nodes: 400: no such driver"});
    EXPECT_EQ(World::refusal([&] { post(world); }),
              Refusal(400, failures("Node not found hook returned nothing")));
    EXPECT_FALSE(world.store.nodes.get(uuid_));
  });
}

TEST_F(Discovery, WhileIronicIsAwayTheReportIsKeptAndGoesOnLater) {
  for (const char* request : {"GET /v1/nodes/", "GET /v1/ports", "GET /v1/nodes", "POST"})
    in_world([&](World& world) {
      world.ironic.refuse(request, {503, "away"});
      EXPECT_EQ(World::refusal([&] { post(world); }).first, 503) << request;
      EXPECT_EQ(post(world), uuid_);
      EXPECT_EQ(nodes(world), 2U);
    });
}

TEST_F(Discovery, ANodeLeftBehindBeforeItsRecordIsTakenUpAgain) {
  in_world([&](World& world) {
    json::object left = discovered_node(findable(kSeen), discovering());
    left["provision_state"] = "enroll";
    world.ironic.add_node(left);
    EXPECT_EQ(post(world), uuid_);
    world.rest();
    EXPECT_EQ(world.store.nodes.get(uuid_)->state, State::kFinished);
    EXPECT_EQ(nodes(world), 2U);
  });
}

TEST_F(Discovery, ANodeWhoseCreationWasNotAnsweredIsTaken) {
  in_world([&](World& world) {
    world.ironic.refuse("POST /v1/nodes", {0, "no answer"});
    EXPECT_EQ(World::refusal([&] { post(world); }).first, 503);
    world.ironic.add_node({{"uuid", uuid_}, {"provision_state", "enroll"}});
    EXPECT_EQ(post(world), uuid_);
    EXPECT_EQ(nodes(world), 2U);
  });
}

TEST_F(Discovery, AMachineThatWasDiscoveredBeforeIsLeftAlone) {
  in_world([&](World& world) {
    post(world);
    world.rest();
    json::object other = testing::report(kStranger);
    other["more"] = 1;
    EXPECT_EQ(World::refusal([&] { world.conductor().process(other, world.call()); }),
              Refusal(400, failures("Node not found hook failed: Node " + uuid_ +
                                    " was discovered before and still exists")));
  });
}

TEST_F(Discovery, AReportThatIsWrongMakesNoNode) {
  in_world([&](World& world) {
    json::object report = testing::report(kStranger);
    report["error"] = "no disk";
    EXPECT_EQ(World::refusal([&] { world.conductor().process(report, world.call()); }).first, 400);
    EXPECT_EQ(World::refusal([&] {
                world.conductor().process(boost::json::object(), world.call());
              }).first,
              400);
    EXPECT_EQ(nodes(world), 1U);
  });
}

TEST_F(Discovery, AReportThatNothingCanBeFoundByMakesNoNode) {
  ProcessingOptions options = discovering();
  options.processing_hooks = {"example"};
  in_world(
      [&](World& world) {
        EXPECT_EQ(
            World::refusal([&] { world.conductor().process(boost::json::object(), world.call()); }),
            Refusal(400, failures("Node not found hook failed: the report has neither a MAC "
                                  "nor the address of a BMC")));
        json::object many;
        for (int i = 0; i < 257; ++i)
          many["eth" + std::to_string(i)] = json::object{{"mac", "m" + std::to_string(i)}};
        EXPECT_EQ(World::refusal([&] {
                    world.conductor().process(boost::json::object{{"all_interfaces", many}},
                                              world.call());
                  }),
                  Refusal(400, failures("Node not found hook failed: the report has more than 256 "
                                        "MACs: Ironic is not asked for each of them")));
        EXPECT_EQ(nodes(world), 1U);
      },
      options);
}

}  // namespace
}  // namespace inspector
