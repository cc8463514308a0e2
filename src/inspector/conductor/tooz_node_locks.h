#pragma once
#include "inspector/conductor/node_locks.h"
#include "tooz/coordinator.h"

namespace inspector {

/// Locks named `ironic_inspector.<uuid>` among all conductors of `coordinator`'s backend;
/// upstream's names. `coordinator` outlives them and what they granted.
std::unique_ptr<NodeLocks> tooz_node_locks(tooz::Coordinator& coordinator);

}  // namespace inspector
