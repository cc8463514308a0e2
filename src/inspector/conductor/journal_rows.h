#pragma once
#include "inspector/conductor/operation.h"
#include "sql/database.h"

#include <string>
#include <vector>

namespace inspector {

/// The columns that read_operation() expects, in their order.
inline constexpr std::string_view kOperationColumns =
    "id, kind, node_uuid, digest, arguments, step, owner, incarnation, tries, history, due_at, "
    "created_at, version";

/// Throws sql::Error{kBadData} naming the column and the value.
Operation read_operation(const sql::Row& row);

/// An argument: it has no rows in cc_operation_part.
inline constexpr std::string_view kNoParts = "no_parts";
bool may_have_parts(const Operation& operation);

sql::Value text_or_null(const std::string& text);  ///< an empty text is null

std::int64_t to_micros(base::Env::WallTime time) noexcept;
base::Env::WallTime from_micros(std::int64_t micros) noexcept;

/// Two who enter the same at the same time: the transaction of one begins anew (kConflict).
void insert_once(sql::Transaction& transaction, std::string_view statement,
                 std::initializer_list<sql::Value> values);

/// A statement with its values, made before the transaction: on SQLite one writes at a time.
struct Change {
  std::string_view statement;
  std::vector<sql::Value> values;
  sql::IfNone if_none{};

  void run(sql::Transaction& transaction) const {
    transaction.exec_soon(statement, values, if_none);
  }
};

Change insertion(const Operation& operation, std::int64_t now);
/// To the step, node and due time of `operation`; StaleToken when it is not its owner's any more.
Change to_step(const Operation& operation, std::int64_t now);
/// The same of its step and its arguments.
Change to_arguments(const Operation& operation, std::int64_t now);
/// The same: a thread has come to it.
Change to_begun(const Operation& operation);
/// The same, without its parts.
Change removal(const Operation& operation);
/// In place of any with the same digest.
Change insertion(const KeptAnswer& answer, const std::string& digest, std::int64_t now,
                 sql::Dialect dialect);
void insert_parts(sql::Transaction& transaction, const std::string& operation,
                  const std::string& name, const std::vector<std::string>& parts);

}  // namespace inspector
