#include "inspector/node/fenced_node.h"

#include "inspector/node/row.h"

namespace inspector {
namespace {

/// SQLite has one writer at a time, and locks nothing by itself. The names of the columns are those
/// of the nodes alone, but for the first.
std::string statement(sql::Dialect dialect) {
  std::string text = "SELECT n.";
  text += kNodeColumns;
  text +=
      " FROM cc_fence f JOIN cc_fence_origin o ON o.generation = f.generation "
      "JOIN nodes n ON n.uuid = f.uuid WHERE f.uuid = :p1 AND f.number = :p2 AND o.origin = :p3";
  if (dialect == sql::Dialect::kPostgresql) text += " FOR UPDATE OF f, n";
  return text;
}

}  // namespace

std::optional<Node> find_fenced(sql::Transaction& t, std::string_view uuid,
                                const tooz::Token& token) {
  if (t.dialect() == sql::Dialect::kMysql) return std::nullopt;
  static const std::string kSqlite = statement(sql::Dialect::kSqlite);
  static const std::string kPostgresql = statement(sql::Dialect::kPostgresql);
  const bool sqlite = t.dialect() == sql::Dialect::kSqlite;
  const auto rows =
      t.query(sqlite ? kSqlite : kPostgresql, {std::string(uuid), token.number, token.origin});
  if (rows.empty()) return std::nullopt;
  return read_node(rows[0]);
}

}  // namespace inspector
