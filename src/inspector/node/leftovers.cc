#include "inspector/node/leftovers.h"

namespace inspector {

namespace {

void delete_operations(sql::Transaction& t, const std::string& uuid) {
  t.exec_soon(
      "DELETE FROM cc_operation_part WHERE operation IN "
      "(SELECT id FROM cc_operation WHERE node_uuid = :p1)",
      {uuid});
  t.exec_soon("DELETE FROM cc_operation WHERE node_uuid = :p1", {uuid});
}

}  // namespace

// Rarely anything: a look is cheaper than statements that change nothing.

void drop_operations(sql::Transaction& t, const std::string& uuid) {
  if (t.query("SELECT id FROM cc_operation WHERE node_uuid = :p1", {uuid}).empty()) return;
  delete_operations(t, uuid);
}

void forget_attempt(sql::Transaction& t, const std::string& uuid) {
  const auto rows = t.query(
      "SELECT (SELECT COUNT(*) FROM cc_operation WHERE node_uuid = :p1), "
      "(SELECT COUNT(*) FROM cc_answer WHERE node_uuid = :p1), "
      "(SELECT COUNT(*) FROM cc_boot WHERE node_uuid = :p1)",
      {uuid});
  const sql::Row& found = rows.at(0);
  if (found.integer(0) != 0) delete_operations(t, uuid);
  if (found.integer(1) != 0) t.exec_soon("DELETE FROM cc_answer WHERE node_uuid = :p1", {uuid});
  if (found.integer(2) != 0) t.exec_soon("DELETE FROM cc_boot WHERE node_uuid = :p1", {uuid});
}

}  // namespace inspector
