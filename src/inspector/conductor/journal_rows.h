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

void insert_operation(sql::Transaction& transaction, const Operation& operation, std::int64_t now);
/// Of a report in a transaction of its node; throws Journal::Repeated when its digest is there.
void insert_report(sql::Transaction& transaction, const Operation& operation, std::int64_t now);
void insert_parts(sql::Transaction& transaction, const std::string& operation,
                  const std::string& name, const std::vector<std::string>& parts);
sql::IfNone refuse_stale(const Operation& operation);  ///< throws StaleToken
/// To the step, node and due time of `operation`; throws StaleToken when it is not its owner's any
/// more.
void update_step(sql::Transaction& transaction, const Operation& operation, std::int64_t now);
/// The same, and to its arguments.
void update_arguments(sql::Transaction& transaction, const Operation& operation, std::int64_t now);
/// That a thread has come to it; throws StaleToken as update_step() does.
void update_begun(sql::Transaction& transaction, const Operation& operation);
/// Parts of an operation that may have any, and itself. Throws StaleToken as update_step() does.
void delete_operation(sql::Transaction& transaction, const Operation& operation);
void insert_answer(sql::Transaction& transaction, const std::string& digest,
                   const KeptAnswer& answer, std::int64_t now);

}  // namespace inspector
