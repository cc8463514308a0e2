#pragma once
#include "inspector/node/store.h"

#include <optional>
#include <string_view>

namespace inspector {

/// The node, if the token's pair is already what its fence holds, as it is behind the first
/// transaction under a lock: one statement instead of raise_fence() and find_node(), and nothing is
/// written. Both rows are locked until the transaction ends, so that it may write to the node.
/// nullopt: the pair is another one, there is no such node, or the database is MySQL, which cannot
/// lock two of the three tables that tell; call raise_fence() then. Throws sql::Error.
std::optional<Node> find_fenced(sql::Transaction& transaction, std::string_view uuid,
                                const tooz::Token& token);

}  // namespace inspector
