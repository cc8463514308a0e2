#pragma once
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
/// that somebody works on are left to the next run. They throw what keeps them from going on.
struct TaskParts {
  base::Env& env;
  NodeStore& store;
  NodeLocks& locks;
  ironic::Client& ironic;
  PxeFilter& filter;
};

/// Ends introspections that began longer than `timeout` ago, as errors (`Introspection timeout`).
/// Returns their nodes; the PXE filter has been told of them. Power is not touched.
std::vector<std::string> end_overdue(const TaskParts& parts, base::Env::Duration timeout,
                                     const std::stop_token& stop);

/// Removes the records of nodes that Ironic does not know any more; asks Ironic about each of them
/// once more, because a node may have come after its list was made. Returns them.
std::vector<std::string> drop_deleted(const TaskParts& parts, const std::stop_token& stop);

/// Ends the work that died with a conductor: a node in an active state whose lock nobody holds. It
/// becomes an error with a text that says so. Returns the nodes.
std::vector<std::string> end_dead_work(const TaskParts& parts, const std::stop_token& stop);

}  // namespace inspector
