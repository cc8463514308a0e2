#include "inspector/node/schema.h"

#include "inspector/node/migrations.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace inspector {
namespace {

using sql::Access;
using sql::Dialect;
using sql::Transaction;

/// How far a database has come: the number of steps of each kind that it has.
struct Position {
  std::size_t upstream = 0;
  std::size_t own = 0;
};

[[noreturn]] void unknown(std::string_view revision) {
  throw std::invalid_argument("Can't locate revision identified by '" + std::string(revision) +
                              "'");
}

bool table_exists(Transaction& t, const std::string& table) {
  std::string_view question = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = :p1";
  if (t.dialect() == Dialect::kPostgresql)
    question =
        "SELECT tablename FROM pg_catalog.pg_tables "
        "WHERE schemaname = ANY (current_schemas(false)) AND tablename = :p1";
  if (t.dialect() == Dialect::kMysql)
    question =
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_name = :p1";
  return !t.query(question, {table}).empty();
}

/// Others who want to change the schema wait here until this transaction has ended; SQLite's
/// writers have been alone from the start. On MySQL, where each change of a table commits, the lock
/// is the connection's.
void lock_schema(Transaction& t) {
  constexpr std::int64_t kKey = 0x746f6f7a63637363;
  if (t.dialect() == Dialect::kPostgresql) t.query("SELECT pg_advisory_xact_lock(:p1)", {kKey});
  if (t.dialect() != Dialect::kMysql) return;
  const auto rows = t.query("SELECT GET_LOCK(CONCAT('cc_schema.', DATABASE()), 5)");
  if (rows.at(0).maybe_text(0) != "1")
    throw sql::Error(sql::Errc::kConflict, "somebody else is changing the schema");
}

void unlock_schema(Transaction& t) {
  if (t.dialect() == Dialect::kMysql)
    t.query("SELECT RELEASE_LOCK(CONCAT('cc_schema.', DATABASE()))");
}

std::size_t upstream_position(const std::string& revision) {
  const auto steps = upstream_migrations();
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].revision == revision) return i + 1;
  unknown(revision);
}

Position position(Transaction& t) {
  Position at;
  if (table_exists(t, "alembic_version")) {
    const auto rows = t.query("SELECT version_num FROM alembic_version");
    if (!rows.empty()) at.upstream = upstream_position(rows[0].text(0));
  }
  if (table_exists(t, "cc_schema")) {
    const auto rows = t.query("SELECT version FROM cc_schema");
    if (!rows.empty()) at.own = static_cast<std::size_t>(rows[0].integer(0));
  }
  return at;
}

void write_upstream(Transaction& t, std::string_view revision) {
  t.exec(
      "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL, "
      "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))");
  t.exec("DELETE FROM alembic_version");
  if (!revision.empty())
    t.exec("INSERT INTO alembic_version (version_num) VALUES (:p1)", {std::string(revision)});
}

void write_own(Transaction& t, std::size_t version) {
  t.exec("CREATE TABLE IF NOT EXISTS cc_schema (version INTEGER NOT NULL)");
  t.exec("DELETE FROM cc_schema");
  t.exec("INSERT INTO cc_schema (version) VALUES (:p1)", {static_cast<std::int64_t>(version)});
}

/// In the whole history; 0 is before the first step.
std::size_t index_of(const Position& at) { return at.upstream + at.own; }

Position position_of(std::size_t index) {
  const std::size_t upstream = std::min(index, upstream_migrations().size());
  return {upstream, index - upstream};
}

std::size_t resolve(std::string_view revision, std::size_t current) {
  const auto history = schema_history();
  if (revision == "head" || revision == "heads") return history.size();
  if (revision.starts_with('+')) {
    std::size_t steps = 0;
    const char* end = revision.data() + revision.size();
    const auto [stopped, error] = std::from_chars(revision.data() + 1, end, steps);
    if (error == std::errc() && stopped == end && current + steps <= history.size())
      return current + steps;
    throw std::invalid_argument("Relative revision " + std::string(revision) + " didn't produce " +
                                std::string(revision.substr(1)) + " migrations");
  }
  std::size_t found = 0;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].revision == revision) return i + 1;
    if (revision.empty() || !history[i].revision.starts_with(revision)) continue;
    if (found != 0)
      throw std::invalid_argument("Multiple revisions start with '" + std::string(revision) +
                                  "'; please use the full one");
    found = i + 1;
  }
  if (found == 0) unknown(revision);
  return found;
}

/// MySQL's tables are made as upstream makes them, except that they take every character and tell
/// upper from lower case as the other databases do; its indexes know no IF NOT EXISTS.
void run_on_mysql(Transaction& t, std::string text) {
  constexpr std::string_view kIndex = "CREATE INDEX IF NOT EXISTS ";
  if (text.starts_with("CREATE TABLE "))
    text += " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
  if (text.starts_with(kIndex)) {
    const std::string name =
        text.substr(kIndex.size(), text.find(' ', kIndex.size()) - kIndex.size());
    if (!t.query("SELECT index_name FROM information_schema.statistics "
                 "WHERE table_schema = DATABASE() AND index_name = :p1",
                 {name})
             .empty())
      return;
    text = "CREATE INDEX " + text.substr(kIndex.size());
  }
  t.exec(text);
}

void run_step(Transaction& t, const MigrationStep& step) {
  try {
    for (const MigrationSql& statement : step.statements) {
      if (!statement.meant_for(t.dialect())) continue;
      if (t.dialect() == Dialect::kMysql)
        run_on_mysql(t, std::string(statement.text));
      else
        t.exec(statement.text);
    }
  } catch (const sql::Error& e) {
    throw sql::Error(e.code, "upgrade to " + std::string(step.revision) + ": " + e.what());
  }
}

Position run_steps(Transaction& t, Position at, const Position& target) {
  for (; at.upstream < target.upstream; ++at.upstream) {
    const MigrationStep& step = upstream_migrations()[at.upstream];
    run_step(t, step);
    write_upstream(t, step.revision);
  }
  for (; at.own < target.own; ++at.own) {
    run_step(t, own_migrations()[at.own]);
    write_own(t, at.own + 1);
  }
  return at;
}

}  // namespace

std::vector<Migration> schema_history() {
  std::vector<Migration> history;
  for (const auto steps : {upstream_migrations(), own_migrations()})
    for (const MigrationStep& step : steps)
      history.push_back({std::string(step.revision),
                         history.empty() ? std::string() : history.back().revision,
                         std::string(step.title)});
  return history;
}

std::string schema_revision(sql::Database& database) {
  Position at;
  database.run(Access::kRead, [&](Transaction& t) { at = position(t); });
  const bool all_of_upstream = at.upstream == upstream_migrations().size();
  if (all_of_upstream && at.own > 0) return "cc_" + std::to_string(at.own);
  return at.upstream == 0 ? std::string()
                          : std::string(upstream_migrations()[at.upstream - 1].revision);
}

std::vector<Migration> upgrade(sql::Database& database, std::string_view target) {
  std::vector<Migration> made;
  database.run(Access::kWrite, [&](Transaction& t) {
    made.clear();
    lock_schema(t);
    const Position before = position(t);
    const std::size_t goal = resolve(target, index_of(before));
    run_steps(t, before, position_of(goal));
    unlock_schema(t);
    const auto history = schema_history();
    const std::size_t upstream = upstream_migrations().size();
    for (std::size_t i = 0; i < goal; ++i)
      if (i < upstream ? i >= before.upstream : i >= upstream + before.own)
        made.push_back(history[i]);
  });
  return made;
}

void stamp_schema(sql::Database& database, std::string_view revision) {
  database.run(Access::kWrite, [&](Transaction& t) {
    lock_schema(t);
    const Position at = position_of(resolve(revision, 0));
    write_upstream(t, at.upstream == 0 ? "" : upstream_migrations()[at.upstream - 1].revision);
    write_own(t, at.own);
    unlock_schema(t);
  });
}

Migration find_migration(std::string_view revision) {
  const std::size_t found = resolve(revision, 0);
  if (found == 0) unknown(revision);
  return schema_history()[found - 1];
}

void check_schema(sql::Database& database) {
  Position at;
  try {
    database.run(Access::kRead, [&](Transaction& t) { at = position(t); });
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error(std::string("the database has a schema this program does not know: ") +
                             e.what());
  }
  // Our steps only add, so that a program goes on beside a newer one.
  if (at.upstream == upstream_migrations().size() && at.own >= own_migrations().size()) return;
  throw std::runtime_error(
      "the database does not have the newest schema; run `ironic-inspector-dbsync upgrade`");
}

}  // namespace inspector
