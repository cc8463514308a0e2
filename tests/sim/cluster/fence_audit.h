#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>

#include "sql/database.h"

namespace sim {

/// Looks at every transaction that changed something of a node: its fence must have been raised in
/// the same transaction, or found to be raised already, and the pair (generation, number) must
/// never step back for a node. Uses triggers and tables of its own in the simulation's database.
class FenceAudit {
 public:
  /// After the schema is there. `on_start` is told of each node whose introspection begins anew.
  void install(sql::Database& database, std::function<void(const std::string& uuid)> on_start);

  /// A transaction that writes, for whoever is to use it: what it is told of the fence is noted.
  std::unique_ptr<sql::Transaction> noting(sql::Transaction& transaction);

  /// At the end of a transaction that writes, inside of it. Throws nothing of its own.
  void look(sql::Transaction& transaction, const std::string& who);

  const std::string& violation() const noexcept { return violation_; }  ///< empty: none
  std::uint64_t writes() const noexcept { return writes_; }             ///< of nodes, looked at

 private:
  using Pair = std::pair<std::int64_t, std::int64_t>;
  void look_at(sql::Transaction& transaction, const std::string& uuid, const std::string& who);
  void report(const std::string& what) {
    if (violation_.empty()) violation_ = what;
  }

  std::function<void(const std::string&)> on_start_;
  std::map<std::string, Pair> highest_;
  std::set<std::string> held_;  ///< whose fences the running transaction found raised
  std::uint64_t writes_ = 0;
  std::string violation_;
};

}  // namespace sim
