#pragma once
#include <cstdint>
#include <string>

#include "sim/faulty_backend.h"
#include "tests/sim/cluster/end_judge.h"
#include "tests/sim/cluster/nemesis.h"
#include "tests/sim/cluster/operators.h"

namespace sim {

struct ClusterOptions {
  unsigned conductors = 3;
  unsigned apis = 2;
  unsigned machines = 8;
  unsigned rounds = 3;
  unsigned aborts = 10;     ///< of a hundred introspections
  unsigned reapplies = 25;  ///< of a hundred successes
  bool faults = true;
  Planted planted{};
  base::Env::Duration length = std::chrono::seconds(120);  ///< of the time in which faults happen
};

/// What a run was, beside its violation.
struct ClusterRun {
  std::string violation;  ///< empty: all was as it must be
  std::uint64_t trace = 0;
  std::uint64_t steps = 0;
  base::Env::Duration took{};  ///< of virtual time
  Counts counts;
  std::vector<IronicEnd> in_ironic{};  ///< by machine
};

/// A whole cluster in virtual time: conductors, APIs, backend, database, Ironic, machines that boot
/// and post their reports, and operators who start, abort and reapply, while the seed's faults
/// happen to them; then all is healed and the rest must come to its end. Ends at the first
/// violation: two live tokens on one node's lock, a write without its fence, a reboot after an
/// accepted report, something accepted that is lost or failed for no reason that was injected, or
/// machines that do not stand in Ironic as an undisturbed run leaves them.
ClusterRun run_cluster(std::uint64_t seed, const ClusterOptions& options = {});

/// How each machine stands in Ironic after a run without faults.
std::vector<IronicEnd> undisturbed(unsigned machines);

}  // namespace sim
