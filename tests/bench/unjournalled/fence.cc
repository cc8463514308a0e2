// No fence, and nothing of the journal that goes with a node: stands in the place of node/fence.cc
// and node/leftovers.cc, as journal.cc here does.
#include "inspector/node/fence.h"
#include "inspector/node/leftovers.h"

namespace inspector {

void raise_fence(sql::Transaction&, std::string_view, const tooz::Token&) {}

void drop_operations(sql::Transaction&, const std::string&) {}
void forget_attempt(sql::Transaction&, const std::string&) {}

}  // namespace inspector
