#pragma once
#include "sql/database.h"
#include "tooz/lock.h"

#include <optional>
#include <stdexcept>
#include <string_view>

namespace inspector {

struct Node;

/// A writer with an older token than the node has seen tried to write; nothing was changed.
class StaleToken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The first statement of every transaction that writes under a node's lock, before anything is
/// read: raises the node's pair (generation of the token's origin, number) to the token's, which
/// also locks it until the transaction ends. So a late write of a predecessor can neither follow
/// nor slip between what its successor reads and writes. Tokens of an origin that the database has
/// never seen are newer than all others.
///
/// The pair lives in a table of its own and outlives the node's row. Throws StaleToken when a
/// higher pair has been there.
void raise_fence(sql::Transaction& transaction, std::string_view uuid, const tooz::Token& token);

/// raise_fence() and find_node(), on PostgreSQL by one statement. nullopt: no such node; on
/// PostgreSQL it may have been made by a transaction that ended while this one waited for the
/// fence, so who inserts it must be ready for kDuplicate.
std::optional<Node> raise_and_find(sql::Transaction& transaction, std::string_view uuid,
                                   const tooz::Token& token);

/// The same, for a transaction that is probably not the first one under its lock: a pair that is
/// the token's already is locked and not written again (MySQL writes nothing there by itself).
void hold_fence(sql::Transaction& transaction, std::string_view uuid, const tooz::Token& token);

/// The node, if the token's pair is already what its fence holds, as it is behind the first
/// transaction under a lock: one statement instead of raise_fence() and find_node(), and nothing is
/// written. Both rows are locked until the transaction ends, so that it may write to the node.
/// nullopt: the pair is another one, there is no such node, or the database is MySQL, which cannot
/// lock two of the three tables that tell; call raise_fence() then. Throws sql::Error.
std::optional<Node> find_fenced(sql::Transaction& transaction, std::string_view uuid,
                                const tooz::Token& token);

}  // namespace inspector
