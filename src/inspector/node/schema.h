#pragma once
#include "sql/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// One step of the database's history. Upstream's revisions keep upstream's identifiers
/// (`alembic_version`); our additions are named `cc_1`, `cc_2`, … and counted in `cc_schema`.
struct Migration {
  std::string revision;
  std::string previous;  ///< empty: the first
  std::string title;
};

/// All steps, oldest first; ours come after upstream's last.
std::vector<Migration> schema_history();

/// The newest step that the database has; empty: none. Throws sql::Error.
std::string schema_revision(sql::Database& database);

/// Brings the database up to `target`, from nothing, from any of upstream's revisions or from an
/// older one of ours; keeps all data. `target` is `head`, a revision or the beginning of one, or
/// `+N`; one that the database has already passed changes nothing. Returns the steps made. It is
/// one transaction: after an error nothing has changed. Several processes may do so at once. Throws
/// std::invalid_argument with alembic's text for a revision that nobody knows, in `target` or in
/// the database; sql::Error naming the step that failed.
std::vector<Migration> upgrade(sql::Database& database, std::string_view target = "head");

/// Writes down that the database is at `revision` (as in upgrade()) and changes nothing else.
void stamp_schema(sql::Database& database, std::string_view revision);

/// The step with this revision, or whose revision begins so; `head` is the newest. Throws
/// std::invalid_argument with alembic's text.
Migration find_migration(std::string_view revision);

/// Throws std::runtime_error telling to run ironic-inspector-dbsync when the schema is older than
/// this program. A newer one of ours is fine: steps of ours only add.
void check_schema(sql::Database& database);

}  // namespace inspector
