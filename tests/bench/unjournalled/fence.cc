// No fence, and nothing of the journal that goes with a node: stands in the place of node/fence.cc
// and node/leftovers.cc, as journal.cc here does. A node is read, as it is with its fence.
#include "inspector/node/fence.h"
#include "inspector/node/leftovers.h"
#include "inspector/node/row.h"

namespace inspector {

void raise_fence(sql::Transaction&, std::string_view, const tooz::Token&) {}
std::optional<Node> raise_and_find(sql::Transaction& t, std::string_view uuid, const tooz::Token&) {
  return find_node(t, uuid);
}
void hold_fence(sql::Transaction&, std::string_view, const tooz::Token&) {}

std::optional<Node> find_fenced(sql::Transaction& t, std::string_view uuid, const tooz::Token&) {
  return find_node(t, uuid);
}

void drop_operations(sql::Transaction&, const std::string&) {}
void forget_attempt(sql::Transaction&, const std::string&) {}

}  // namespace inspector
