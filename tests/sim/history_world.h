#pragma once
#include <cstdint>
#include <string>

#include "tests/sim/contenders.h"

namespace sim {

/// Mistakes planted to prove that the checkers would notice: in the library, or in what it guards.
struct PlantedMistakes {
  tooz::Flaws library = {};
  bool token_not_checked = false;
};

struct HistoryRun {
  std::string violation;  ///< what in the history cannot have been; empty: all can
  std::uint64_t grants = 0;
  std::uint64_t lost = 0;     ///< a holder was told to stop
  std::uint64_t refused = 0;  ///< a register refused an old token
  std::uint64_t written = 0;  ///< to the registers, with an answer
  std::uint64_t without_answer = 0;
  Troubles troubles;

  void add(const HistoryRun& other);
};

/// Contenders for one to three locks, each of which guards a register on another server. All that
/// they ask and are told is recorded, and judged at the end, name by name.
HistoryRun run_history_world(std::uint64_t seed, base::Env::Duration length,
                             const PlantedMistakes& planted = {});

}  // namespace sim
