#include "inspector/node/leftovers.h"

namespace inspector {

void drop_operations(sql::Transaction& t, const std::string& uuid) {
  // Rarely any: a look is cheaper than two statements that change nothing.
  if (t.query("SELECT id FROM cc_operation WHERE node_uuid = :p1", {uuid}).empty()) return;
  t.exec(
      "DELETE FROM cc_operation_part WHERE operation IN "
      "(SELECT id FROM cc_operation WHERE node_uuid = :p1)",
      {uuid});
  t.exec("DELETE FROM cc_operation WHERE node_uuid = :p1", {uuid});
}

void forget_boot(sql::Transaction& t, const std::string& uuid) {
  t.exec("DELETE FROM cc_boot WHERE node_uuid = :p1", {uuid});
}

void forget_attempt(sql::Transaction& t, const std::string& uuid) {
  drop_operations(t, uuid);
  forget_boot(t, uuid);
  t.exec("DELETE FROM cc_answer WHERE node_uuid = :p1", {uuid});
}

}  // namespace inspector
