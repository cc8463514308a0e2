#pragma once
#include "inspector/conductor/leadership.h"
#include "inspector/conductor/node_locks.h"
#include "inspector/ironic/client.h"
#include "inspector/node/store.h"
#include "inspector/pxe_filter/filter.h"

#include <stop_token>
#include <string>
#include <vector>

namespace inspector {

/// What the tasks below stand on; all outlive them. One conductor at a time runs them (its leader),
/// but they are safe if two do: each node is changed under its lock, with that lock's token. Nodes
/// that somebody works on are left to the next run. A leader that has lost its lease stops before
/// the next node. They throw what keeps them from going on.
struct TaskParts {
  base::Env& env;
  NodeStore& store;
  NodeLocks& locks;
  ironic::Client& ironic;
  PxeFilter& filter;
  const Leader* leader = nullptr;  ///< asked before each node; none: this process is alone

  bool go_on(const std::stop_token& stop) const {
    return !stop.stop_requested() && (leader == nullptr || leader->leads());
  }
};

/// Ends introspections that began longer than `timeout` ago, as errors (`Introspection timeout`).
/// Returns their nodes; the PXE filter has been told of them. Power is not touched.
std::vector<std::string> end_overdue(const TaskParts& parts, base::Env::Duration timeout,
                                     const std::stop_token& stop);

/// Removes the records of nodes that Ironic does not know any more; asks Ironic about each of them
/// once more, because a node may have come after its list was made. Returns them.
std::vector<std::string> drop_deleted(const TaskParts& parts, const std::stop_token& stop);

/// Ends what was going on when a program without a journal ended (an older one, upstream's): a node
/// in an active state that no operation is about and whose lock nobody holds. It becomes an error
/// with a text that says so. Returns the nodes.
std::vector<std::string> end_abandoned(const TaskParts& parts, const std::stop_token& stop);

}  // namespace inspector
