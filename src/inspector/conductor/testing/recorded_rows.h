#pragma once
#include "sql/database.h"

#include <boost/json.hpp>

namespace inspector::testing {

/// All that a conductor on SQLite leaves behind of its introspections, as
/// `{table: [{column: text or null}]}`; tables without a row are left out.
boost::json::object rows_of(sql::Database& database);

/// Puts such rows into a database that has none.
void insert_rows(sql::Database& database, const boost::json::object& rows);

}  // namespace inspector::testing
