#pragma once
#include <cstdint>
#include <string>

#include "tests/sim/contenders.h"

namespace sim {

/// What a run was, beside its violation.
struct LockRun {
  std::string violation;  ///< empty: all was as it must be
  std::uint64_t trace = 0;
  std::uint64_t grants = 0;
  std::uint64_t lost_while_held = 0;  ///< a holder was told to stop
  Troubles troubles;
};

/// Contenders for one lock. Ends at the first violation: two live tokens, a lower token after a
/// higher one, nobody getting the lock for ten minutes, or keys left behind at the end.
LockRun run_lock_world(std::uint64_t seed, base::Env::Duration length, tooz::Flaws flaws = {});

/// The same with one lock that two of three take shared, or with a semaphore of two permits.
enum class Sharing { kNone, kReaders, kPermits };
LockRun run_sharing_world(std::uint64_t seed, base::Env::Duration length, Sharing sharing);

}  // namespace sim
