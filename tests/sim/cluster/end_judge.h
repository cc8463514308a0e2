#pragma once
#include <string>

#include "inspector/node/store.h"
#include "tests/sim/cluster/ironic_site.h"
#include "tests/sim/cluster/operators.h"

namespace sim {

/// What must be true when all has come to its end: every accepted introspection is finished,
/// failed for a reason that was injected, or aborted by who may; and what is finished stands in
/// Ironic as a run without faults leaves it.
class EndJudge {
 public:
  struct Parts {
    inspector::NodeStore& nodes;
    const IronicSite& ironic;
    const Operators& operators;
    unsigned machines;
    bool faults;
    const std::vector<IronicEnd>& undisturbed;  ///< by machine; empty: not to be compared with
  };
  explicit EndJudge(const Parts& parts) : parts_(parts) {}

  std::string verdict() const;  ///< empty: as it must be

 private:
  std::string look_at(unsigned machine) const;
  std::string failure(unsigned machine, const inspector::Node& row) const;
  std::string in_ironic(unsigned machine) const;

  const Parts parts_;
};

}  // namespace sim
