#include "inspector/conductor/testing/dead.h"

#include "inspector/node/changes_json.h"
#include "inspector/processing/testing/report.h"

#include <algorithm>
#include <boost/json.hpp>

namespace inspector::testing {

using Kind = Operation::Kind;
using Step = Operation::Step;

Operation Dead::operation(Kind kind, Step step) const {
  Operation made = journal_.make(kind, kUuid);
  made.step = step;
  made.owner = "gone";
  made.incarnation = "dead";
  made.arguments = {{"manage_boot", true}, {"persistent", false}, {"has_bmc", true}};
  return made;
}

Operation Dead::start(Step step) const {
  const Operation made = operation(Kind::kStart, step);
  const std::vector<std::string> bmc{"192.0.2.17"};
  world_.store.nodes.start(kUuid, true, bmc, {token(), journal_.enter(made)});
  return made;
}

Operation Dead::report(Step step) const {
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

void Dead::stored_report(const boost::json::object& data, const std::string& logs) const {
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

void Dead::keep_set(Operation& operation, const NodeChanges& changes, const char* ending) const {
  const boost::json::object set{{"changes", changes_to_json(changes)}, {"ending", ending}};
  world_.store.nodes.write(kUuid, token(),
                           journal_.keep_set(operation, boost::json::serialize(set)));
}

void TakeoverTest::in_world(const std::function<void(World&, const Dead&)>& body,
                            WorldOptions options) {
  sim::SimEnv env(11);
  env.run([&] {
    World world(env, std::move(options));
    body(world, Dead(world));
  });
}

std::size_t TakeoverTest::count(World& world, const std::string& request) {
  const auto changes = world.ironic.changes();
  return static_cast<std::size_t>(std::ranges::count(changes, request));
}

std::size_t TakeoverTest::reboots(World& world) {
  return count(world,
               std::string("PUT /v1/nodes/") + kUuid + R"(/states/power {"target":"rebooting"})");
}

std::size_t TakeoverTest::power_offs(World& world) {
  return count(world,
               std::string("PUT /v1/nodes/") + kUuid + R"(/states/power {"target":"power off"})");
}

void TakeoverTest::set_power_target(World& world, boost::json::value target) {
  boost::json::object node = world.ironic.node(kUuid);
  node["target_power_state"] = std::move(target);
  node["power_state"] = "power on";
  world.ironic.add_node(node);
}

}  // namespace inspector::testing
