#pragma once
#include <memory>

#include "inspector/node/store.h"
#include "tests/sim/cluster/counts.h"
#include "tests/sim/cluster/crew.h"
#include "tests/sim/cluster/ironic_site.h"

namespace sim {

struct StageOptions {
  unsigned conductors = 3;
  unsigned apis = 2;
  Faults backend{.longest_delay = std::chrono::milliseconds(3)};
  IronicSite::Options ironic{};
  int ironic_attempts = 5;
  std::size_t room = 12;
  bool discovers = false;
  Planted planted{};
};

/// All that stands around the inspector's processes, and they themselves. Made and destroyed by a
/// thread of the simulation.
class Stage {
 public:
  Stage(SimEnv& env, const StageOptions& options, Door door);

  /// What must never happen, and did first; empty: nothing.
  std::string violation() const;
  /// The same of filters that let somebody in though nobody is introspected.
  std::string open_filters() const;

  Counts counts() const;  ///< complete when the crew has ended

  SimEnv& env;
  const unsigned machines;
  const Door door;
  sql::Database database;
  inspector::NodeStore nodes;
  FenceAudit audit;
  DatabaseSite site;
  LockJudges locks;
  FilterJudge filters;
  Network network;
  IronicSite ironic;
  Cluster cluster;
  Crew crew;
};

}  // namespace sim
