#include "inspector/conductor/testing/world.h"

#include "inspector/api/json_body.h"
#include "inspector/conductor/rpc_service.h"
#include "inspector/error.h"
#include "inspector/node/schema.h"
#include "inspector/processing/testing/report.h"

#include <gtest/gtest.h>

#include <sstream>

namespace inspector::testing {

MemoryStore::MemoryStore(base::Env& env)
    : database(env, "sqlite://"),
      nodes(env, database),
      data(database_data_store(database, nodes)),
      journal(env, database) {
  upgrade(database);
}

ConductorOptions usual_conductor() {
  ConductorOptions options;
  options.introspection_delay = {};
  options.max_concurrency = 10;
  options.ipmi_address_fields = {"redfish_address"};
  return options;
}

ProcessingOptions usual_processing() {
  ProcessingOptions options;
  std::istringstream names{std::string(kDefaultProcessingHooks)};
  for (std::string name; std::getline(names, name, ',');)
    options.processing_hooks.push_back(name);
  options.store_data = "database";
  return options;
}

boost::json::object usual_node() {
  return {{"uuid", kUuid},
          {"name", "node-1"},
          {"provision_state", "manageable"},
          {"driver_info", {{"ipmi_address", "192.0.2.17"}}},
          {"properties", boost::json::object()},
          {"extra", boost::json::object()}};
}

World::World(base::Env& env_, WorldOptions options)
    : env(env_),
      store(env_),
      locks(local_node_locks(env_)),
      options_(std::move(options)),
      pipeline_(options_.processing),
      owner_(env_, *locks, store.journal, "one"),
      local_({.env = env_,
              .store = store.nodes,
              .data = *store.data,
              .journal = store.journal,
              .locks = *locks,
              .owner = owner_,
              .ironic = ironic,
              .filter = filter,
              .pipeline = pipeline_,
              .resolve = [](const std::string& host) { return std::vector<std::string>{host}; }},
             options_.conductor, options_.processing),
      takeover_({.env = env_,
                 .journal = store.journal,
                 .locks = *locks,
                 .owner = owner_,
                 .conductor = local_},
                std::chrono::milliseconds(2500)),
      transport_(env_),
      remote_(env_, directory_, transport_) {
  add_conductor_methods(methods_, local_, env_);
  transport_.serve("http://one", methods_);
  directory_.set({{"ironic_inspector.conductor.one", "http://one"}});
  ironic.add_node(usual_node());
}

/// In memory of its own, as the API hands it on.
std::string World::post() {
  return conductor().process(parse_report(boost::json::serialize(report())), call());
}

Node World::row() {
  const std::optional<Node> found = store.nodes.get(kUuid);
  EXPECT_TRUE(found) << "the node has no record";
  return found.value_or(Node{});
}

std::pair<int, std::string> World::refusal(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return {http_status(error.code()), error.what()};
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

}  // namespace inspector::testing
