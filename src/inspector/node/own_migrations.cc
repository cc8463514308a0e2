#include "inspector/node/migrations.h"

#include <array>

namespace inspector {
namespace {

using enum MigrationSql::For;

// Each may be repeated: whoever stamps an older revision on the database repeats them.
// No foreign keys into upstream's tables, so that upstream can go on working on the database.
constexpr MigrationSql kFence[] = {
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_fence_origin (origin VARCHAR(255) NOT NULL PRIMARY KEY, "
     "generation BIGINT NOT NULL UNIQUE)"},
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_fence (uuid VARCHAR(36) NOT NULL PRIMARY KEY, generation "
     "BIGINT NOT NULL, "
     "number BIGINT NOT NULL)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_attributes_name_value ON attributes (name, value)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_attributes_node_uuid ON attributes (node_uuid)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_nodes_state ON nodes (state, uuid)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_nodes_finished_at ON nodes (finished_at)"},
    {kSqlite,
     "CREATE INDEX IF NOT EXISTS cc_nodes_started_at ON nodes (started_at DESC, uuid DESC)"},
    {kPostgresql,
     "CREATE INDEX IF NOT EXISTS cc_nodes_started_at ON nodes (started_at DESC NULLS LAST, uuid "
     "DESC)"},
    {kMysql, "CREATE INDEX IF NOT EXISTS cc_nodes_started_at ON nodes (started_at, uuid)"},
    // An installation made before upstream knew the state has a type without it.
    {kPostgresql, "ALTER TYPE node_state ADD VALUE IF NOT EXISTS 'aborting'"},
    {kMysql,
     "ALTER TABLE nodes MODIFY state ENUM('starting', 'waiting', 'processing', 'finished', "
     "'error', 'reapplying', 'enrolling', 'aborting') DEFAULT 'finished' NOT NULL"},
    // Upstream's migration made it as small as MySQL's TEXT is; its model says otherwise.
    {kMysql, "ALTER TABLE introspection_data MODIFY data LONGTEXT"},
};

constexpr std::array<MigrationStep, 1> kSteps = {{
    {"cc_1", "Fencing of stale writers, indexes", kFence},
}};

}  // namespace

std::span<const MigrationStep> own_migrations() noexcept { return kSteps; }

}  // namespace inspector
