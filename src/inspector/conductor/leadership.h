#pragma once
#include "base/env.h"
#include "tooz/coordinator.h"

#include <memory>
#include <string_view>

namespace inspector {

/// Whether this process does what one conductor does for all: timeouts, deleted nodes, dead work.
/// Thread-safe.
class Leader {
 public:
  virtual ~Leader() = default;
  virtual bool leads() const = 0;
};

/// For a process that is alone.
std::unique_ptr<Leader> sole_leader();

/// Campaigns in `group` on a thread of its own until it is destroyed, again after each loss. Leads
/// only while the lease says so, from the clock. `coordinator` outlives it.
std::unique_ptr<Leader> elected_leader(base::Env& env, tooz::Coordinator& coordinator,
                                       std::string_view group);

}  // namespace inspector
