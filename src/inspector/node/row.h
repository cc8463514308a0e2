#pragma once
#include "inspector/node/store.h"

namespace inspector {

/// The columns that read_node() expects, in their order.
inline constexpr std::string_view kNodeColumns =
    "uuid, state, started_at, finished_at, error, manage_boot";

/// Throws sql::Error{kBadData} naming the table, the node, the column and the value.
Node read_node(const sql::Row& row);

/// Throws as above; nullopt: no such row.
std::optional<Node> find_node(sql::Transaction& transaction, std::string_view uuid);

}  // namespace inspector
