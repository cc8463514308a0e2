#include "inspector/conductor/testing/recorded_rows.h"

#include <array>
#include <string>
#include <vector>

namespace inspector::testing {
namespace {

namespace json = boost::json;

constexpr std::array kTables = {
    "nodes",   "attributes", "options",      "introspection_data", "cc_fence", "cc_fence_origin",
    "cc_boot", "cc_pace",    "cc_operation", "cc_operation_part",  "cc_answer"};

json::array rows_of(sql::Transaction& t, const std::string& table) {
  std::vector<std::string> columns;
  for (const sql::Row& row : t.query("SELECT name FROM pragma_table_info(:p1)", {table}))
    columns.push_back(row.text(0));
  json::array all;
  for (const sql::Row& row : t.query("SELECT * FROM " + table)) {
    json::object values;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (row.null(i))
        values[columns[i]] = nullptr;
      else
        values[columns[i]] = row.text(i);
    }
    all.push_back(std::move(values));
  }
  return all;
}

void insert_row(sql::Transaction& t, const std::string& table, const json::object& row) {
  std::string names, places;
  std::vector<sql::Value> values;
  for (const auto& [name, value] : row) {
    names += (names.empty() ? "" : ", ") + std::string(name);
    places += (places.empty() ? ":p" : ", :p") + std::to_string(values.size() + 1);
    if (value.is_null())
      values.emplace_back(nullptr);
    else
      values.emplace_back(std::string(value.as_string()));
  }
  t.exec("INSERT INTO " + table + " (" + names + ") VALUES (" + places + ")", values);
}

}  // namespace

json::object rows_of(sql::Database& database) {
  json::object all;
  database.run(sql::Access::kRead, [&](sql::Transaction& t) {
    for (const char* table : kTables)
      if (json::array rows = rows_of(t, table); !rows.empty()) all[table] = std::move(rows);
  });
  return all;
}

void insert_rows(sql::Database& database, const json::object& rows) {
  database.run(sql::Access::kWrite, [&](sql::Transaction& t) {
    for (const auto& [table, its] : rows)
      for (const json::value& row : its.as_array())
        insert_row(t, table, row.as_object());
  });
}

}  // namespace inspector::testing
