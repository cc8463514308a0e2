#pragma once
#include <memory>

#include "inspector/conductor/node_locks.h"
#include "sim/network.h"
#include "sql/database.h"

namespace sim {

/// Mistakes that a test plants between a conductor and its world, to prove that the simulation
/// would notice them. All false elsewhere.
struct Planted {
  bool no_fence = false;               ///< one write in four is not held back by the fence
  bool answer_before_row = false;      ///< a start is answered before anything is written down
  bool takeover_without_lock = false;  ///< who tries a lock has it
};

/// A transaction in which raising a node's fence always seems to succeed and does nothing.
std::unique_ptr<sql::Transaction> without_fence(sql::Transaction& inner);

/// Locks that try_acquire() always gets, with a token higher than all others.
std::unique_ptr<inspector::NodeLocks> always_granted(inspector::NodeLocks& inner);

/// The same port, but do_introspection is answered at once and done afterwards.
Network::Site answering_early(Network::Site site);

}  // namespace sim
