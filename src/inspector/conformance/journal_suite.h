#pragma once
#include "inspector/conductor/journal.h"
#include "inspector/conformance/node_store_suite.h"

namespace inspector {

/// The journal over every database.
class JournalSuite : public NodeStoreSuite {
 protected:
  /// An operation at node `n` of the incarnation `owner`.
  Operation operation(Operation::Kind kind, int n, const std::string& owner = "mine");
  /// A start of node `n` whose record and operation stand in the database.
  Operation started(int n, const std::string& owner = "mine");
  Operation report(const std::string& digest, const std::string& owner = "mine");
  /// A write of the operation's node.
  void write(const Operation& operation, const Journal::Write& body, std::int64_t number = 1);
  std::vector<std::string> claimable(std::string_view mine = "mine");  ///< their ids

  Journal journal_{env_, *database_};
};

}  // namespace inspector
