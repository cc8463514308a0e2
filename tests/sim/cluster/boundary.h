#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/cluster/stage.h"

namespace sim {

/// What is asked of a cluster, and cut at each of its steps.
enum class Cut { kStart, kProcess, kAbort, kReapply, kEnroll };

/// One passage through the door of a conductor while the operation was under way.
struct Step {
  std::string process;
  std::string call;
  Passage::When when = Passage::When::kBefore;
};

/// How it ended, as far as it must be the same whoever did it.
struct BoundaryEnd {
  std::string violation;             ///< empty: none
  std::string row;                   ///< state and error
  std::string data;                  ///< as processed and stored
  std::string ironic;                ///< node, ports, boot device
  std::vector<std::string> patches;  ///< of the node, those that were made
  std::vector<Step> steps;
  std::size_t deaths = 0;
};

struct BoundaryPlan {
  Cut operation = Cut::kStart;
  std::optional<std::size_t> kill_at{};  ///< number of the passage at which its conductor dies
  std::string poison{};                  ///< whoever makes a call with that in its name dies there
};

/// Two conductors, an API and one machine. The operation is brought about, conductors die as
/// planned (those that met poison are started again), whoever asked asks again as people and
/// ramdisks do, and all goes on until the end.
BoundaryEnd run_boundary(const BoundaryPlan& plan);

}  // namespace sim
