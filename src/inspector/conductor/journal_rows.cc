#include "inspector/conductor/journal_rows.h"

#include "inspector/conductor/journal.h"
#include "inspector/node/fence.h"
#include "inspector/python_json.h"
#include "inspector/read_json.h"

#include <algorithm>
#include <chrono>

namespace inspector {
namespace {

using sql::Transaction;
using std::chrono::microseconds;

boost::json::object read_object(const sql::Row& row, std::size_t column) {
  boost::json::error_code error;
  boost::json::value value = read_json(row.text(column), error);
  if (error || !value.is_object()) row.bad(column, "a JSON object");
  return std::move(value.get_object());
}

/// No database keeps a NUL.
std::string without_nul(std::string text) {
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

constexpr std::string_view kInsertOperation =
    "INSERT INTO cc_operation (id, kind, node_uuid, digest, arguments, step, version, owner, "
    "incarnation, fence, tries, history, due_at, created_at, updated_at) VALUES (:p1, :p2, :p3, "
    ":p4, :p5, :p6, 1, :p7, :p8, 0, :p9, :p10, :p11, :p12, :p13)";

sql::IfNone refuse_stale(const Operation& operation) {
  return [kind = name(operation.kind), id = operation.id] {
    throw StaleToken("operation " + std::string(kind) + " " + id +
                     " has been taken over or removed since");
  };
}

std::vector<sql::Value> operation_values(const Operation& operation, std::int64_t now) {
  sql::Value due = nullptr;
  if (operation.due) due = to_micros(*operation.due);
  return {operation.id,
          std::string(name(operation.kind)),
          text_or_null(operation.node),
          text_or_null(operation.digest),
          python_json(operation.arguments),
          std::string(name(operation.step)),
          operation.owner,
          operation.incarnation,
          std::int64_t{operation.tries},
          operation.history,
          due,
          to_micros(operation.created),
          now};
}

}  // namespace

sql::Value text_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

std::int64_t to_micros(base::Env::WallTime time) noexcept {
  return std::chrono::duration_cast<microseconds>(time.time_since_epoch()).count();
}

base::Env::WallTime from_micros(std::int64_t micros) noexcept {
  return base::Env::WallTime(
      std::chrono::duration_cast<base::Env::WallTime::duration>(microseconds(micros)));
}

Operation read_operation(const sql::Row& row) {
  const auto kind = kind_from_name(row.text(1));
  if (!kind) row.bad(1, "a kind of operation");
  const auto step = step_from_name(row.text(5));
  if (!step) row.bad(5, "a step of an operation");
  Operation operation{.id = row.text(0),
                      .kind = *kind,
                      .node = row.maybe_text(2).value_or(""),
                      .digest = row.maybe_text(3).value_or(""),
                      .arguments = read_object(row, 4),
                      .step = *step,
                      .owner = row.text(6),
                      .incarnation = row.text(7),
                      .tries = static_cast<int>(row.integer(8)),
                      .history = row.text(9),
                      .created = from_micros(row.integer(11)),
                      .version = row.integer(12)};
  if (!row.null(10)) operation.due = from_micros(row.integer(10));
  return operation;
}

void insert_once(Transaction& t, std::string_view statement,
                 std::initializer_list<sql::Value> values) {
  try {
    t.exec(statement, values);
  } catch (const sql::Error& error) {
    if (error.code != sql::Errc::kDuplicate) throw;
    throw sql::Error(sql::Errc::kConflict, error.what());
  }
}

Change insertion(const Operation& operation, std::int64_t now) {
  return {kInsertOperation, operation_values(operation, now)};
}

void insert_parts(Transaction& t, const std::string& operation, const std::string& part_name,
                  const std::vector<std::string>& parts) {
  std::int64_t number = 0;
  for (const std::string& part : parts)
    t.exec_soon(
        "INSERT INTO cc_operation_part (operation, name, number, data) VALUES (:p1, :p2, :p3, "
        ":p4)",
        {operation, part_name, number++, part});
}

Change to_step(const Operation& operation, std::int64_t now) {
  sql::Value due = nullptr;
  if (operation.due) due = to_micros(*operation.due);
  return {
      "UPDATE cc_operation SET step = :p3, node_uuid = :p4, due_at = :p5, updated_at = :p6, "
      "version = version + 1 WHERE id = :p1 AND incarnation = :p2",
      {operation.id, operation.incarnation, std::string(name(operation.step)),
       text_or_null(operation.node), due, now},
      refuse_stale(operation)};
}

Change to_arguments(const Operation& operation, std::int64_t now) {
  return {
      "UPDATE cc_operation SET step = :p3, arguments = :p4, updated_at = :p5, "
      "version = version + 1 WHERE id = :p1 AND incarnation = :p2",
      {operation.id, operation.incarnation, std::string(name(operation.step)),
       python_json(operation.arguments), now},
      refuse_stale(operation)};
}

Change to_begun(const Operation& operation) {
  return {
      "UPDATE cc_operation SET tries = 0, version = version + 1 WHERE id = :p1 AND "
      "incarnation = :p2",
      {operation.id, operation.incarnation},
      refuse_stale(operation)};
}

Change removal(const Operation& operation) {
  return {"DELETE FROM cc_operation WHERE id = :p1 AND incarnation = :p2",
          {operation.id, operation.incarnation},
          refuse_stale(operation)};
}

bool may_have_parts(const Operation& operation) {
  return operation.has_body() && !operation.arguments.contains(kNoParts);
}

Change insertion(const KeptAnswer& answer, const std::string& digest, std::int64_t now,
                 sql::Dialect dialect) {
  constexpr std::string_view kInsert =
      "INSERT INTO cc_answer (digest, node_uuid, code, text, kept_at) VALUES (:p1, :p2, :p3, :p4, "
      ":p5) ON CONFLICT (digest) DO UPDATE SET node_uuid = excluded.node_uuid, "
      "code = excluded.code, text = excluded.text, kept_at = excluded.kept_at";
  constexpr std::string_view kMysqlInsert =
      "INSERT INTO cc_answer (digest, node_uuid, code, text, kept_at) VALUES (:p1, :p2, :p3, :p4, "
      ":p5) ON DUPLICATE KEY UPDATE node_uuid = VALUES(node_uuid), code = VALUES(code), "
      "text = VALUES(text), kept_at = VALUES(kept_at)";
  return {dialect == sql::Dialect::kMysql ? kMysqlInsert : kInsert,
          {digest, answer.uuid, std::int64_t{answer.error ? rpc_code(answer.error->code()) : 0},
           without_nul(answer.error ? answer.error->what() : ""), now}};
}

}  // namespace inspector
