#pragma once
#include <string>
#include <vector>

#include "sim/history/history.h"

namespace sim {

/// What in the history of one exclusive lock cannot have been, whatever happened between its
/// answers; empty: it can. Says the same as a search for an order (LockModel), in one pass: tokens
/// grow, so they tell the order of the grants.
std::string lock_violation(const std::vector<Call<LockUse>>& calls);

}  // namespace sim
