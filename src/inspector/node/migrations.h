#pragma once
#include "sql/database.h"

#include <span>
#include <string_view>

namespace inspector {

/// A statement of a migration, for all databases or for one.
struct MigrationSql {
  enum class For { kAll, kSqlite, kPostgresql, kMysql } dialect;
  std::string_view text;

  bool meant_for(sql::Dialect d) const noexcept {
    switch (dialect) {
      case For::kAll:
        return true;
      case For::kSqlite:
        return d == sql::Dialect::kSqlite;
      case For::kPostgresql:
        return d == sql::Dialect::kPostgresql;
      case For::kMysql:
        return d == sql::Dialect::kMysql;
    }
    return false;
  }
};

struct MigrationStep {
  std::string_view revision;
  std::string_view title;
  std::span<const MigrationSql> statements;
};

/// Each step follows the one before it. The tables come out as upstream's own migrations make them,
/// down to the order of columns and the names of constraints.
std::span<const MigrationStep> upstream_migrations() noexcept;
/// What we add: tables named `cc_…`, and indexes.
std::span<const MigrationStep> own_migrations() noexcept;

}  // namespace inspector
