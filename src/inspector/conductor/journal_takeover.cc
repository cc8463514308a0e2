#include "base/log.h"
#include "inspector/conductor/journal.h"
#include "inspector/conductor/journal_rows.h"

#include <algorithm>

namespace inspector {
namespace {

using sql::Access;
using sql::Transaction;

constexpr std::string_view kComponent = "inspector.journal";
constexpr std::size_t kLongestHistory = 2000;  ///< of an error text's part, for people

std::string select_operations(std::string_view rest) {
  return "SELECT " + std::string(kOperationColumns) + " FROM cc_operation " + std::string(rest);
}

/// As it was when it was read: somebody else may have had it since and given it away again. Who
/// claims an operation begins it.
bool update_owner(Transaction& t, const Operation& before, const Operation& after,
                  std::int64_t fence, std::int64_t now) {
  return t.exec(
             "UPDATE cc_operation SET owner = :p4, incarnation = :p5, fence = :p6, "
             "history = :p7, tries = :p8, updated_at = :p9, version = version + 1 "
             "WHERE id = :p1 AND incarnation = :p2 AND version = :p3",
             {before.id, before.incarnation, before.version, after.owner, after.incarnation, fence,
              after.history, std::int64_t{after.tries}, now}) > 0;
}

std::string next_history(const Operation& operation, const Journal::Owner& us) {
  std::string history = operation.history;
  if (operation.owner.empty() || operation.incarnation == us.incarnation) return history;
  if (!history.empty()) history += "; ";
  history += operation.owner + " left it at step " + std::string(name(operation.step));
  if (history.size() > kLongestHistory) history.erase(0, history.size() - kLongestHistory);
  return history;
}

}  // namespace

std::vector<Journal::Owner> Journal::owners(std::string_view mine) {
  std::vector<Owner> found;
  database_.run(Access::kRead, [&](Transaction& t) {
    found.clear();
    for (const sql::Row& row :
         t.query("SELECT incarnation, MAX(owner) FROM cc_operation WHERE incarnation <> :p1 AND "
                 "incarnation <> '' GROUP BY incarnation",
                 {std::string(mine)}))
      found.push_back({.host = row.text(1), .incarnation = row.text(0)});
  });
  return found;
}

std::int64_t Journal::disown(std::string_view incarnation) {
  std::int64_t changed = 0;
  database_.run(Access::kWrite, [&](Transaction& t) {
    changed = t.exec(
        "UPDATE cc_operation SET incarnation = '', tries = tries + CASE WHEN step = 'queued' OR "
        "tries < 0 THEN 0 ELSE 1 END, version = version + 1 WHERE incarnation = :p1",
        {std::string(incarnation)});
  });
  return changed;
}

std::int64_t Journal::hand_over(std::string_view incarnation, Which which) {
  if (incarnation.empty()) return 0;
  std::string statement =
      "UPDATE cc_operation SET incarnation = '', version = version + 1 WHERE incarnation = :p1";
  if (which == Which::kQueued) statement += " AND step = 'queued'";
  std::int64_t changed = 0;
  database_.run(Access::kWrite,
                [&](Transaction& t) { changed = t.exec(statement, {std::string(incarnation)}); });
  counters.handed_over += static_cast<std::uint64_t>(changed);
  return changed;
}

bool Journal::hand_over(const Operation& operation) {
  std::int64_t changed = 0;
  database_.run(Access::kWrite, [&](Transaction& t) {
    changed = t.exec(
        "UPDATE cc_operation SET incarnation = '', version = version + 1 "
        "WHERE id = :p1 AND incarnation = :p2 AND version = :p3",
        {operation.id, operation.incarnation, operation.version});
  });
  counters.handed_over += static_cast<std::uint64_t>(changed);
  return changed != 0;
}

std::vector<Operation> Journal::claimable(std::string_view mine, std::size_t limit) {
  std::vector<Operation> found;
  std::vector<std::string> unreadable;
  const auto read = [&](Transaction& t, std::string_view incarnation) {
    for (const sql::Row& row :
         t.query(select_operations("WHERE incarnation = :p1 ORDER BY created_at LIMIT :p2"),
                 {std::string(incarnation), static_cast<std::int64_t>(limit)})) {
      try {
        found.push_back(read_operation(row));
      } catch (const sql::Error& error) {
        unreadable.emplace_back(error.what());
      }
    }
  };
  database_.run(Access::kRead, [&](Transaction& t) {
    found.clear();
    unreadable.clear();
    read(t, "");
    if (!mine.empty()) read(t, mine);
  });
  for (const std::string& why : unreadable)
    base::log_warning(kComponent, "An operation that we do not understand is left to others",
                      {{"reason", why}});
  return found;
}

Journal::Write Journal::claim(Operation& operation, const Owner& us, std::int64_t fence) const {
  const Operation before = operation;
  operation.history = next_history(before, us);
  operation.owner = us.host;
  operation.incarnation = us.incarnation;
  operation.tries = std::max(operation.tries, 0);
  return [before, after = operation, fence, now = to_micros(env_.wall_time())](Transaction& t) {
    if (!update_owner(t, before, after, fence, now))
      throw Taken("operation " + before.id + " has gone to somebody else");
  };
}

bool Journal::claim_alone(Operation& operation, const Owner& us) {
  try {
    database_.run(Access::kWrite, claim(operation, us, 0));
    return true;
  } catch (const Taken&) {
    return false;
  }
}

std::optional<Operation> Journal::of_node(const std::string& node, Operation::Kind kind) {
  std::optional<Operation> found;
  database_.run(Access::kRead, [&](Transaction& t) {
    found.reset();
    const auto rows = t.query(select_operations("WHERE node_uuid = :p1 AND kind = :p2"),
                              {node, std::string(name(kind))});
    if (!rows.empty()) found = read_operation(rows[0]);
  });
  return found;
}

}  // namespace inspector
