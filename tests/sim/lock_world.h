#pragma once
#include <cstdint>
#include <string>

#include "sim/faulty_backend.h"
#include "tooz/recipes/flaws.h"

namespace sim {

/// What a run was, beside its violation.
struct LockRun {
  std::string violation;  ///< empty: all was as it must be
  std::uint64_t trace = 0;
  std::uint64_t grants = 0;
  std::uint64_t lost_while_held = 0;  ///< a holder was told to stop
  std::uint64_t unreachable = 0;      ///< a call threw it
  std::uint64_t partitions = 0;
  std::uint64_t freezes = 0;
  std::uint64_t kills = 0;
  FaultyBackend::Counts calls;
};

/// Five members in processes of their own, with clocks that run apart, fight for one lock over one
/// memory backend, while requests and replies are lost, come late and are delayed, members are cut
/// off and stopped, and one is killed. Ends at the first violation: two live tokens, a lower token
/// after a higher one, nobody getting the lock for ten minutes, or keys left behind at the end.
LockRun run_lock_world(std::uint64_t seed, base::Env::Duration length, tooz::Flaws flaws = {});

/// The same with one lock that two of three take shared, or with a semaphore of two permits.
enum class Sharing { kNone, kReaders, kPermits };
LockRun run_sharing_world(std::uint64_t seed, base::Env::Duration length, Sharing sharing);

}  // namespace sim
