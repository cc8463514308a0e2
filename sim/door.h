#pragma once
#include <functional>
#include <string>

#include "sim/sim_env.h"

namespace sim {

/// A process is about to ask something of the outside, or has its answer (or knows that none
/// comes).
struct Passage {
  enum class When { kBefore, kAfter };
  SimProcess& process;
  std::string call;  ///< `database write`, `backend create /tooz/locks…`, `PATCH http://ironic/…`
  When when;
};

/// Every call of a process to the outside goes through its door twice. A door may stop the process
/// there, or kill it: then it returns late, or never.
using Door = std::function<void(const Passage&)>;

/// Runs `call` between the two passages; the second is made also when it throws.
template <class Call>
auto through(const Door& door, SimProcess& process, const std::string& name, Call call) {
  struct Leaving {
    const Door& door;
    Passage passage;
    ~Leaving() {
      if (door) door(passage);
    }
  };
  if (door) door({process, name, Passage::When::kBefore});
  const Leaving leaving{door, {process, name, Passage::When::kAfter}};
  return call();
}

}  // namespace sim
