#pragma once
#include "sql/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// One step of the database's history. Upstream's revisions keep upstream's identifiers
/// (`alembic_version`); our additions are counted in `cc_schema`.
struct Migration {
  std::string revision;
  std::string previous;
  std::string title;
};

/// Brings the database to the newest schema, from nothing, from any of upstream's revisions or from
/// an older one of ours; keeps all data. Returns the steps made. Several processes may do so at
/// once.
std::vector<Migration> upgrade(sql::Database& database);

/// Throws std::runtime_error telling to run ironic-inspector-dbsync when the schema is not the
/// newest.
void check_schema(sql::Database& database);

}  // namespace inspector
