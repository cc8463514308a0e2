#pragma once
#include <cstdint>
#include <string>

#include "base/env.h"

namespace sim {

/// What a run was, beside its violation.
struct GroupRun {
  std::string violation;  ///< empty: all was as it must be
  std::uint64_t joins = 0;
  std::uint64_t leaves = 0;
  std::uint64_t rejoined = 0;  ///< after a lost lease
  std::uint64_t unreachable = 0;
  std::uint64_t kills = 0;
  std::uint64_t gaps = 0;  ///< reports that say so
};

/// Five members in processes of their own join and leave one group and change their capabilities
/// under lost, late and slow requests, partitions and stops, and two are killed and started again.
/// Two leases after all that has ended, everybody must be in it, once and with what he said last,
/// and each view must show just that, as must what each member's reports of changes add up to.
GroupRun run_group_world(std::uint64_t seed, base::Env::Duration length);

}  // namespace sim
