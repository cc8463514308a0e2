#include "tests/sim/cluster/conductor_process.h"

#include <sstream>

#include "base/log.h"
#include "inspector/conductor/directory.h"
#include "inspector/conductor/remote.h"
#include "inspector/conductor/tooz_node_locks.h"
#include "inspector/ironic/http_client.h"
#include "inspector/service/api_calls.h"
#include "inspector/service/conductor_unit.h"
#include "inspector/service/coordination.h"
#include "tests/sim/cluster/ironic_site.h"
#include "tooz/recipes/wiring.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;

constexpr auto kShutdown = 20s;

/// All on one machine: whether a process of that name and life still runs can be seen.
tooz::Processes processes_of(Cluster& cluster, const SimProcess& process) {
  const auto born = process.now().time_since_epoch().count();
  return {{process.name(), "boot", "ns", 1, born},
          [&cluster, me = process.name(),
           born](const tooz::ProcessIdentity& other) -> std::optional<bool> {
            if (other.host == me && other.start_time != born) return false;
            return cluster.env.process(other.host).alive();
          }};
}

inspector::Config config_of(const Cluster& cluster, const std::string& host) {
  inspector::Config config = cluster_config(host);
  config.ironic.attempts = config.ironic.connect_attempts = cluster.ironic_attempts;
  config.conductor.max_concurrency = cluster.room;
  if (cluster.discovers)
    config.processing.node_not_found = inspector::ProcessingOptions::NotFound::kEnroll;
  config.pxe_filter.driver = inspector::PxeFilterOptions::Driver::kDnsmasq;
  config.pxe_filter.dnsmasq.hosts_dir = cluster.filters.folder(host);
  config.pxe_filter.keeper.look = 2s;
  return config;
}

/// A process's place in the world: backend, database, network.
struct Place {
  Place(Cluster& cluster, Life& life, const inspector::Config& config, const std::string& member)
      : coordinator(*life.process, wiring(cluster, life), {.member_id = member}),
        sender(cluster.network.sender(*life.process)),
        stores(*life.process, config,
               std::make_unique<DatabaseLink>(*life.process, cluster.database, cluster.door),
               inspector::ironic::http_client(*life.process, config.ironic, sender)) {}

  static tooz::Wiring wiring(Cluster& cluster, Life& life) {
    SimProcess& process = *life.process;
    auto net = std::make_unique<FaultyBackend>(
        process, tooz::make_memory_backend(cluster.env, cluster.backend), cluster.backend_faults);
    life.backend = net.get();
    auto doors = std::make_unique<DoorBackend>(process, std::move(net), cluster.door);
    return {std::move(doors), processes_of(cluster, process)};
  }

  tooz::Coordinator coordinator;
  std::shared_ptr<http::Sender> sender;
  inspector::Stores stores;
};

void wait_for(SimProcess& process, const std::stop_token& stop) {
  process.sleep_until(Env::TimePoint::max(), stop);
}

void serve_as_conductor(Cluster& cluster, Life& life, const std::string& host,
                        const std::stop_token& stop) {
  SimProcess& process = *life.process;
  const inspector::Config config = config_of(cluster, host);
  Place place(cluster, life, config, std::string(inspector::kConductorPrefix) + host);
  const auto tooz_locks = inspector::tooz_node_locks(place.coordinator);
  const auto granted = always_granted(*tooz_locks);
  const auto locks = judged_locks(
      process, host, cluster.planted.takeover_without_lock ? *granted : *tooz_locks, cluster.locks);
  inspector::ConductorUnit unit(
      {process, config, place.stores, place.coordinator, *locks, *place.sender});
  const std::string url = "http://" + host;
  inspector::RpcCalls& calls = unit.calls();
  const Network::Site site{
      [&calls](const http::Request& r, const std::stop_token& s) { return calls.answer(r, s); },
      [&calls](const http::Request& head) { return &calls.pool_for(head); }, true,
      config.rpc.server.skip_abandoned};
  auto port = cluster.network.listen(
      process, url, cluster.planted.answer_before_row ? answering_early(site) : site);
  life.journal = &unit.counters();
  if (!unit.serve(url, stop)) return;
  life.up = true;
  wait_for(process, stop);
  life.up = false;
  const auto deadline = process.after(kShutdown);
  unit.retire();
  port.reset();
  calls.drain(deadline);
  unit.finish(deadline);
  life.counts = counts_of(*std::exchange(life.journal, nullptr));
}

void serve_as_api(Cluster& cluster, Life& life, const std::string& host,
                  const std::stop_token& stop) {
  SimProcess& process = *life.process;
  const inspector::Config config = cluster_config(host);
  Place place(cluster, life, config, std::string(inspector::kApiPrefix) + host);
  inspector::GroupDirectory directory(place.coordinator, config.coordination.group);
  const auto transport = rpc::http_transport(*place.sender);
  inspector::RemoteConductor conductor(process, directory, *transport);
  inspector::ApiCalls calls(process,
                            {process, place.stores.nodes, *place.stores.data, place.stores.rules,
                             *place.stores.ironic, conductor},
                            config.api);
  const auto opening = process.spawn("directory", [&](const std::stop_token& its_stop) {
    inspector::until_reachable(process, config.coordination.backend_url, its_stop,
                               [&] { directory.open(); });
  });
  auto port = cluster.network.listen(
      process, kInspectorUrl,
      {[&calls](const http::Request& r, const std::stop_token& s) { return calls.answer(r, s); },
       [&calls](const http::Request& head) { return &calls.pool_for(head); }});
  life.up = true;
  wait_for(process, stop);
  life.up = false;
  port.reset();
  calls.drain(process.after(kShutdown));
}

template <class Body>
void unless_it_ends(Life& life, Body body) {
  try {
    body();
  } catch (const std::exception& error) {
    base::log_error("sim", life.process->name() + " ended: " + error.what());
  }
  life.up = false;
  life.backend = nullptr;
}

}  // namespace

Counts counts_of(const inspector::JournalCounters& journal) {
  return {{"taken over", journal.taken_over},
          {"resumed", journal.resumed},
          {"sets sent again", journal.sets_sent_again},
          {"power asked again", journal.power_repeats},
          {"power awaited", journal.power_awaited},
          {"power spared", journal.power_spared},
          {"poisoned", journal.poisoned},
          {"handed over", journal.handed_over}};
}

inspector::Config cluster_config(const std::string& host) {
  inspector::Config config;
  config.conductor.standalone = false;
  config.conductor.host = host;
  config.conductor.timeout = 100s;
  config.conductor.clean_up_period = 10s;
  config.conductor.introspection_delay = 200ms;
  config.conductor.max_concurrency = 12;
  config.coordination.backend_url = "memory://sim";
  config.rpc.workers = 8;
  config.rpc.server.skip_abandoned = true;
  config.api.workers = 8;
  config.ironic.endpoint.override_url = kIronicUrl;
  config.ironic.timeout = 20s;
  config.processing.store_data = "database";
  std::istringstream names{std::string(inspector::kDefaultProcessingHooks)};
  for (std::string name; std::getline(names, name, ',');)
    config.processing.processing_hooks.push_back(name);
  return config;
}

void live_as_conductor(Cluster& cluster, Life& life, const std::string& host,
                       const std::stop_token& stop) {
  unless_it_ends(life, [&] { serve_as_conductor(cluster, life, host, stop); });
}

void live_as_api(Cluster& cluster, Life& life, const std::string& host,
                 const std::stop_token& stop) {
  unless_it_ends(life, [&] { serve_as_api(cluster, life, host, stop); });
}

}  // namespace sim
