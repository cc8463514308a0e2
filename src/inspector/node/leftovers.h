#pragma once
#include "sql/database.h"

#include <string>

namespace inspector {

// What belongs to one attempt at a node and goes with it; called in transactions that have raised
// the node's fence.

/// The node's unfinished operations with their bodies: whoever still works on one is refused at its
/// next step.
void drop_operations(sql::Transaction& transaction, const std::string& uuid);

/// All of an attempt: its operations, its boot, and the answers that were kept for repetitions.
void forget_attempt(sql::Transaction& transaction, const std::string& uuid);

}  // namespace inspector
