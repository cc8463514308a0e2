#include "inspector/node/fence.h"

#include "inspector/node/row.h"

namespace inspector {
namespace {

using sql::Transaction;

/// SQLite and PostgreSQL: one statement for a node with a pair and for one without.
constexpr std::string_view kUpsert =
    "INSERT INTO cc_fence (uuid, generation, number) "
    "SELECT :p1, generation, :p2 FROM cc_fence_origin WHERE origin = :p3 "
    "ON CONFLICT (uuid) DO UPDATE SET generation = excluded.generation, number = excluded.number "
    "WHERE excluded.generation > cc_fence.generation OR "
    "(excluded.generation = cc_fence.generation AND cc_fence.number <= excluded.number)";

/// MySQL: of a node that has a pair.
constexpr std::string_view kUpdate =
    "UPDATE cc_fence SET number = :p2, generation = "
    "(SELECT generation FROM cc_fence_origin WHERE origin = :p3) "
    "WHERE uuid = :p1 AND EXISTS (SELECT 1 FROM cc_fence_origin o WHERE o.origin = :p3 "
    "AND (o.generation > cc_fence.generation OR "
    "(o.generation = cc_fence.generation AND cc_fence.number <= :p2)))";

constexpr std::string_view kIsRaised =
    "SELECT 1 FROM cc_fence WHERE uuid = :p1 AND number = :p2 AND generation = "
    "(SELECT generation FROM cc_fence_origin WHERE origin = :p3)";
constexpr std::string_view kLockIfRaised =
    "SELECT 1 FROM cc_fence WHERE uuid = :p1 AND number = :p2 AND generation = "
    "(SELECT generation FROM cc_fence_origin WHERE origin = :p3) FOR UPDATE";

/// SQLite has one writer at a time.
bool is_raised(Transaction& t, const std::string& uuid, const tooz::Token& token) {
  if (t.dialect() == sql::Dialect::kMysql) return false;
  const bool sqlite = t.dialect() == sql::Dialect::kSqlite;
  return !t.query(sqlite ? kIsRaised : kLockIfRaised, {uuid, token.number, token.origin}).empty();
}

/// False: the origin is unknown, the node has a higher pair, or on MySQL none yet.
bool raise(Transaction& t, const std::string& uuid, const tooz::Token& token) {
  return t.exec(t.dialect() == sql::Dialect::kMysql ? kUpdate : kUpsert,
                {uuid, token.number, token.origin}) > 0;
}

/// SQLite has one writer at a time, and locks nothing by itself. The names of the columns are those
/// of the nodes alone, but for the first.
std::string find_statement(sql::Dialect dialect) {
  std::string text = "SELECT n.";
  text += kNodeColumns;
  text +=
      " FROM cc_fence f JOIN cc_fence_origin o ON o.generation = f.generation "
      "JOIN nodes n ON n.uuid = f.uuid WHERE f.uuid = :p1 AND f.number = :p2 AND o.origin = :p3";
  if (dialect == sql::Dialect::kPostgresql) text += " FOR UPDATE OF f, n";
  return text;
}

/// Of two who do the same first, one finds the other's row there: its transaction begins anew.
void insert(Transaction& t, std::string_view statement, std::initializer_list<sql::Value> values) {
  try {
    t.exec(statement, values);
  } catch (const sql::Error& e) {
    if (e.code != sql::Errc::kDuplicate) throw;
    throw sql::Error(sql::Errc::kConflict, e.what());
  }
}

void make_origin(Transaction& t, const std::string& origin) {
  if (!t.query("SELECT generation FROM cc_fence_origin WHERE origin = :p1", {origin}).empty())
    return;
  insert(t,
         "INSERT INTO cc_fence_origin (origin, generation) "
         "SELECT :p1, COALESCE(MAX(generation), 0) + 1 FROM cc_fence_origin",
         {origin});
}

/// False: it has one.
bool first_pair(Transaction& t, const std::string& uuid, const tooz::Token& token) {
  if (!t.query("SELECT number FROM cc_fence WHERE uuid = :p1", {uuid}).empty()) return false;
  insert(t,
         "INSERT INTO cc_fence (uuid, generation, number) "
         "SELECT :p1, generation, :p2 FROM cc_fence_origin WHERE origin = :p3",
         {uuid, token.number, token.origin});
  return true;
}

[[noreturn]] void refuse(Transaction& t, const std::string& uuid, const tooz::Token& token) {
  const auto rows = t.query(
      "SELECT f.number, o.origin FROM cc_fence f LEFT JOIN cc_fence_origin o "
      "ON o.generation = f.generation WHERE f.uuid = :p1",
      {uuid});
  const std::string origin = rows.at(0).maybe_text(1).value_or("unknown");
  const std::string number = std::to_string(token.number);
  if (origin == token.origin)
    throw StaleToken("node " + uuid + ": a writer with token " + number +
                     " came after one with token " + rows.at(0).text(0));
  throw StaleToken("node " + uuid + ": a writer with token " + number + " of the origin " +
                   token.origin + " came after one of the newer origin " + origin +
                   "; if both are in use, two coordination backends share this database");
}

}  // namespace

void raise_fence(Transaction& t, std::string_view node, const tooz::Token& token) {
  const std::string uuid(node);
  if (raise(t, uuid, token)) return;
  make_origin(t, token.origin);
  if (t.dialect() == sql::Dialect::kMysql && first_pair(t, uuid, token)) return;
  if (!raise(t, uuid, token)) refuse(t, uuid, token);
}

/// The row of the node is read behind the fence's: its newest version, however long that took.
std::optional<Node> raise_and_find(Transaction& t, std::string_view node,
                                   const tooz::Token& token) {
  if (t.dialect() == sql::Dialect::kPostgresql) {
    static const std::string kStatement =
        "WITH raised AS (" + std::string(kUpsert) +
        " RETURNING uuid) SELECT n.* FROM raised r LEFT JOIN LATERAL (SELECT " +
        std::string(kNodeColumns) + " FROM nodes WHERE uuid = r.uuid FOR UPDATE) n ON true";
    const auto rows = t.query(kStatement, {std::string(node), token.number, token.origin});
    if (!rows.empty()) return rows[0].null(0) ? std::nullopt : std::optional(read_node(rows[0]));
  }
  raise_fence(t, node, token);
  return find_node(t, node);
}

void hold_fence(Transaction& t, std::string_view node, const tooz::Token& token) {
  if (!is_raised(t, std::string(node), token)) raise_fence(t, node, token);
}

std::optional<Node> find_fenced(sql::Transaction& t, std::string_view uuid,
                                const tooz::Token& token) {
  if (t.dialect() == sql::Dialect::kMysql) return std::nullopt;
  static const std::string kSqlite = find_statement(sql::Dialect::kSqlite);
  static const std::string kPostgresql = find_statement(sql::Dialect::kPostgresql);
  const bool sqlite = t.dialect() == sql::Dialect::kSqlite;
  const auto rows =
      t.query(sqlite ? kSqlite : kPostgresql, {std::string(uuid), token.number, token.origin});
  if (rows.empty()) return std::nullopt;
  return read_node(rows[0]);
}

}  // namespace inspector
