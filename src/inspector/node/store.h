#pragma once
#include "base/env.h"
#include "inspector/node/fence.h"
#include "inspector/node/state.h"
#include "sql/database.h"
#include "tooz/lock.h"

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

using WallTime = base::Env::WallTime;

struct Node {
  std::string uuid;
  State state = State::kFinished;
  std::optional<WallTime> started_at;
  std::optional<WallTime> finished_at;
  std::optional<std::string> error;
  bool manage_boot = true;  ///< NULL in the database is true
};

/// Look-up attributes: `bmc_address` and `mac`, each with any number of values.
using Attributes = std::map<std::string, std::vector<std::string>>;

/// The lock that a write is made under, and what else goes into its transaction.
struct WriteUnder {
  using Also = std::function<void(sql::Transaction&)>;

  WriteUnder(const tooz::Token& token_, Also also_ = {})  // NOLINT: a token alone is the usual case
      : token(token_), also(std::move(also_)) {}
  const tooz::Token& token;
  /// Runs last, with the write done; what it throws undoes all. As the body of Database::run(), so
  /// it may run more than once.
  Also also;
};

/// The node cache in SQL: rows of `nodes`, `attributes`, `options`. Reads take no token. Every
/// write names the token of the lock it is made under; its transaction begins by raising the node's
/// fence (table cc_fence) to that token and throws StaleToken when a higher one has been there;
/// that is counted and logged. All times are UTC, in microseconds. A row that cannot be read (a
/// state that nobody knows) is sql::Error{kBadData} naming table, column and value, but skipped
/// with a warning where many are read. Thread-safe; throws sql::Error.
class NodeStore {
 public:
  NodeStore(base::Env& env, sql::Database& database) : env_(env), database_(database) {}
  NodeStore(const NodeStore&) = delete;
  NodeStore& operator=(const NodeStore&) = delete;

  std::optional<Node> get(std::string_view uuid);

  struct Page {
    std::vector<State> states;  ///< empty: all
    std::string marker;         ///< uuid of the last node seen; empty: from the start
    std::size_t limit = 1000;
  };
  /// Newest start first, then uuid descending. nullopt: the marker is unknown.
  std::optional<std::vector<Node>> list(const Page& page);

  std::vector<std::string> all_uuids(std::string_view after, std::size_t limit);  ///< ascending
  /// Nodes whose introspection has been going on since before `when`, oldest start first, those
  /// behind `after` (nullptr: from the start). The time that a node waited for its turn to be
  /// powered on does not count.
  std::vector<Node> overdue(WallTime when, const Node* after, std::size_t limit);
  /// Nodes in an active state (is_active) that no operation in the journal is about, by uuid, after
  /// `after`.
  std::vector<Node> abandoned(std::string_view after, std::size_t limit);
  std::set<std::string> active_macs();  ///< values of all `mac` attributes
  bool any_unfinished();

  /// Fires `start` (or creates the record) and begins anew: attributes, options, stored data, kept
  /// answers and unfinished operations of the node are removed, started_at is now, `error` and
  /// finished_at are cleared.
  /// Throws inspector::Error (kBadRequest, upstream's `Can not transition …`) when the state does
  /// not allow it.
  Node start(std::string_view uuid, bool manage_boot, std::span<const std::string> bmc_addresses,
             const WriteUnder& under);

  /// A machine that nobody had started reported, and was given a node: a record in `enrolling` with
  /// these attributes and the option `auto_discovered`, in place of any earlier one.
  Node enroll(std::string_view uuid, const Attributes& attributes, const WriteUnder& under);

  /// Whether enroll() made the record and it is not finished yet.
  bool auto_discovered(std::string_view uuid);

  /// Adds those that the node does not have yet. Throws inspector::Error{kNotFound}: no such row.
  void add_attributes(std::string_view uuid, const Attributes& attributes, const WriteUnder& under);

  /// Fires `event` and stores the new state. Throws inspector::Error (kBadRequest) when undefined,
  /// with the row as it was. kNotFound: no such row.
  Node fire(std::string_view uuid, Event event, const WriteUnder& under);

  /// As fire(), and sets started_at to now (reapply); unfinished operations of the node are
  /// removed.
  Node restart(std::string_view uuid, Event event, const WriteUnder& under);

  /// Ends the introspection in one transaction: fires `event`, sets finished_at to now and `error`
  /// (nullopt clears it), removes attributes and options.
  Node finish(std::string_view uuid, Event event, std::optional<std::string> error,
              const WriteUnder& under);

  /// Removes the node with everything that belongs to it; its fence stays. False: it was not there.
  bool remove(std::string_view uuid, const WriteUnder& under);

  /// Who among the nodes with attributes fits best: one point per stored value equal to one of
  /// those given. The winners by uuid: none, one, or several with the same score (upstream's tie).
  std::vector<std::string> lookup(const Attributes& seen);

  /// Runs `body` in a transaction that has raised the node's fence: for other tables that hold
  /// something of a node. As Database::run() otherwise.
  void write(std::string_view uuid, const WriteUnder& under,
             const std::function<void(sql::Transaction&)>& body);

  std::uint64_t stale_writes() const noexcept { return stale_writes_; }  ///< refused since start

 private:
  void transact(std::string_view uuid, const WriteUnder& under,
                const std::function<void(sql::Transaction&)>& body);
  enum class Fence { kNew, kHeld };
  void change(std::string_view uuid, const WriteUnder& under, Fence fence,
              const std::function<void(sql::Transaction&, Node&)>& body);
  std::vector<Node> read_many(std::string_view statement, std::vector<sql::Value> parameters);

  base::Env& env_;
  sql::Database& database_;
  std::atomic<std::uint64_t> stale_writes_ = 0;
};

}  // namespace inspector
