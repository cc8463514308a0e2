#pragma once
#include "tooz/drivers/sql_kv/server.h"

namespace tooz::sql_kv {

/// A change stays in the table of changes until so many revisions were given out after it.
inline constexpr Revision kKeptRevisions = 1000;

/// Backend's operations in SQL. One row counts the revisions; every transaction that writes locks
/// it first, so they are made one after the other, in the order of their revisions, and each sees
/// what those before it did. It then removes what belongs to sessions that have ended by the
/// server's clock: whatever comes after sees only what is alive.
///
/// Tables: tooz_cc_state (id, revision, swept, origin, history), tooz_cc_session (id, ttl, ends),
/// tooz_cc_key (name, value, owner, created, revision), tooz_cc_change (revision, name, created; 0:
/// a removal; null: made by an earlier version, which did not note it). Times are microseconds.
class Statements {
 public:
  explicit Statements(const Dialect& dialect) : dialect_(dialect) {}

  /// Answers: affected 1, or 0: no such session.
  Batch open_session(std::uint64_t id, std::int64_t ttl) const;
  Batch renew(std::uint64_t id) const;  ///< ttl; no row: it has ended
  Batch close_session(std::uint64_t id) const;

  struct Write {
    std::string_view key;
    std::string_view value;
    std::uint64_t owner = 0;
    Revision expected = 0;
    Guard guard;
  };
  Batch create(const Write& write) const;   ///< standby, revision, made (0, 1), owner lives (0, 1)
  Batch replace(const Write& write) const;  ///< standby, revision, made (0, 1)
  Batch remove(const Write& write) const;   ///< affected: 0, 1

  enum class Sweep { kNo, kFirst };
  /// For each entry, or once for none: standby, revision, key, value, owner, created, revision of
  /// the entry, whether its session has ended (0, 1; with kFirst to be ignored). In any order.
  Batch get(std::string_view key, Sweep sweep) const;
  Batch list(std::string_view prefix, Sweep sweep) const;
  Batch sweep() const;

  /// standby, revision, how many changes under `prefix` after `at`, when the first session of a
  /// key under it ends (or 0), now.
  Batch look(std::string_view prefix, Revision at) const;
  /// standby, revision of the counter, then of each change after `after`, in any order: its
  /// revision and key.
  Batch changes(Revision after) const;
  /// The same of those under `prefix`, with `created` of the key (0: removed), and its
  /// value and owner if it has not been written again.
  Batch told(std::string_view prefix, Revision after) const;

  Batch origin()
      const;  ///< origin, history; fails where the tables are those of an earlier version
  /// A new origin if the history is still `before`.
  Batch new_origin(std::string_view origin, std::string_view history,
                   std::string_view before) const;

 private:
  std::vector<std::string> begin_write() const;
  Batch finish(std::vector<std::string> statements, std::size_t answer) const;
  std::string sql(std::string_view bytes) const { return dialect_.bytes(bytes); }
  std::string under(std::string_view column, std::string_view prefix) const;
  std::string holds(const Guard& guard) const;
  std::string note_change(std::string_view key) const;
  Batch read(const std::string& which, Sweep sweep) const;

  Dialect dialect_;
};

/// The least text that is greater than all that begin with `prefix`; empty: there is none.
std::string end_of_prefix(std::string_view prefix);

}  // namespace tooz::sql_kv
