#pragma once
#include "inspector/conductor/journal.h"
#include "inspector/config/load.h"
#include "sim/door_backend.h"
#include "sim/faulty_backend.h"
#include "sim/network.h"
#include "tests/sim/cluster/counts.h"
#include "tests/sim/cluster/database_link.h"
#include "tests/sim/cluster/filter_judge.h"
#include "tests/sim/cluster/judged_locks.h"
#include "tests/sim/cluster/planted.h"
#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/recipes/process_identity.h"

namespace sim {

/// What the processes of a simulated cluster share.
struct Cluster {
  SimEnv& env;
  Network& network;
  DatabaseSite& database;
  std::shared_ptr<tooz::MemoryStore> backend;
  LockJudges& locks;
  const FilterJudge& filters;
  Door door;
  Faults backend_faults{};
  Planted planted{};
  int ironic_attempts = 5;  ///< of one request
  std::size_t room = 12;    ///< of a conductor: operations at a time
  bool discovers = false;   ///< machines that nobody knows are enrolled
};

/// One life of a process: what others may do to it while it lives.
struct Life {
  SimProcess* process = nullptr;
  FaultyBackend* backend = nullptr;
  std::unique_ptr<base::Env::Thread> thread{};
  bool up = false;                                      ///< it serves
  bool ended = false;                                   ///< by itself: it could not start
  const inspector::JournalCounters* journal = nullptr;  ///< a conductor's; also of a dead one
  Counts counts{};                                      ///< of one that has ended
};

/// What takeovers came to, by branch.
Counts counts_of(const inspector::JournalCounters& journal);

/// How the inspector's processes are configured here: everything small and quick, the split form.
inspector::Config cluster_config(const std::string& host);

/// The body of a conductor's, and of an API's, first thread: serves until `stop`, then shuts down
/// as on SIGTERM. What keeps it from starting ends it, as it would end the real one.
void live_as_conductor(Cluster& cluster, Life& life, const std::string& host,
                       const std::stop_token& stop);
void live_as_api(Cluster& cluster, Life& life, const std::string& host,
                 const std::stop_token& stop);

}  // namespace sim
