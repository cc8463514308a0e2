#pragma once
#include "inspector/node/state.h"

#include <cstddef>
#include <string>
#include <vector>

namespace inspector {

class Query;

// The query parameters of the API. Each throws Error{kBadRequest} with upstream's text for a value
// that is none.

/// `manage_boot`, true when missing.
bool manage_boot_of(const Query& query);

/// `limit`: from 1 to `most`, which missing and 0 stand for too.
std::size_t limit_of(const Query& query, std::size_t most);

/// `marker`: a UUID in the usual form; empty when missing.
std::string marker_of(const Query& query);

/// `state`, a list with commas; empty when missing.
std::vector<State> states_of(const Query& query);

}  // namespace inspector
