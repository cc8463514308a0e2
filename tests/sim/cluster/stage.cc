#include "tests/sim/cluster/stage.h"

#include "inspector/node/schema.h"
#include "sim/ironic/report.h"
#include "tests/sim/cluster/trace.h"

namespace sim {

Stage::Stage(SimEnv& env_, const StageOptions& options, Door door_)
    : env(env_),
      machines(options.ironic.machines),
      door(traced(env_, std::move(door_))),
      database(env_, "sqlite://"),
      nodes(env_, database),
      site{database, audit},
      network(env_, door),
      ironic(env_, network, options.ironic),
      cluster{env_,  network, site, tooz::make_memory_store(env_),
              locks, filters, door, options.backend},
      crew(cluster, options.conductors, options.apis) {
  inspector::upgrade(database);
  audit.install(database, [this](const std::string& uuid) { ironic.expect_start(uuid); });
  cluster.ironic_attempts = options.ironic_attempts;
  cluster.room = options.room;
  cluster.discovers = options.discovers;
  cluster.planted = options.planted;
  site.no_fence = options.planted.no_fence;
  crew.start_all();
}

std::string Stage::violation() const {
  if (const std::string found = locks.violation(); !found.empty()) return found;
  if (!audit.violation().empty()) return audit.violation();
  if (!ironic.violation().empty()) return ironic.violation();
  const std::string open = filters.who_lets_in(hardware(machines).pxe_mac);
  return open.empty() ? open : open + "'s filter lets a machine boot that nobody introspects";
}

std::string Stage::open_filters() const {
  for (unsigned i = 0; i < machines; i += 2)
    if (const std::string open = filters.who_lets_in(hardware(i).pxe_mac); !open.empty())
      return open + "'s filter still lets " + hardware(i).name + " boot";
  const std::string open = filters.who_lets_strangers_in();
  return open.empty() ? open : open + "'s filter still lets strangers boot";
}

Counts Stage::counts() const {
  const Network::Counts& sent = network.counts();
  const Machines::Counts& posts = ironic.machines();
  Counts all = {{"requests", sent.requests},           {"broken requests", sent.broken},
                {"lost answers", sent.unheard},        {"doubled requests", sent.twice},
                {"refused connections", sent.refused}, {"full pools", sent.busy},
                {"writes of nodes", audit.writes()},   {"reports accepted", posts.accepted},
                {"reports refused", posts.refused},    {"reports repeated", posts.repeated},
                {"ramdisks gave up", posts.given_up}};
  all.merge(Counts(crew.counts()));
  return all;
}

}  // namespace sim
