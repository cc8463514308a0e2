#include "inspector/node/row.h"

#include "sql/time.h"

namespace inspector {
namespace {

std::optional<WallTime> time_at(const sql::Row& row, std::size_t column) {
  if (row.null(column)) return std::nullopt;
  try {
    return sql::time_from_text(row.text(column));
  } catch (const sql::Error&) {
    row.bad(column, "a time");
  }
}

}  // namespace

Node read_node(const sql::Row& row) try {
  Node node;
  node.uuid = row.text(0);
  const auto state = state_from_name(row.text(1));
  if (!state) row.bad(1, "a state");
  node.state = *state;
  node.started_at = time_at(row, 2);
  node.finished_at = time_at(row, 3);
  node.error = row.maybe_text(4);
  node.manage_boot = row.null(5) || row.boolean(5);
  return node;
} catch (const sql::Error& e) {
  throw sql::Error(
      e.code, "table nodes, node " + row.maybe_text(0).value_or("without uuid") + ", " + e.what());
}

std::optional<Node> find_node(sql::Transaction& t, std::string_view uuid) {
  static const std::string statement =
      "SELECT " + std::string(kNodeColumns) + " FROM nodes WHERE uuid = :p1";
  const auto rows = t.query(statement, {std::string(uuid)});
  if (rows.empty()) return std::nullopt;
  return read_node(rows[0]);
}

}  // namespace inspector
