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

// Times are microseconds since 1970, UTC. Bodies are base64 of zlib, in parts that every database's
// text takes.
constexpr MigrationSql kJournal[] = {
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_operation (id VARCHAR(36) NOT NULL PRIMARY KEY, "
     "kind VARCHAR(16) NOT NULL, node_uuid VARCHAR(36), digest VARCHAR(64) UNIQUE, "
     "arguments TEXT NOT NULL, step VARCHAR(16) NOT NULL, version BIGINT NOT NULL, "
     "owner VARCHAR(255) NOT NULL, incarnation VARCHAR(36) NOT NULL, fence BIGINT NOT NULL, "
     "tries INTEGER NOT NULL, history TEXT NOT NULL, due_at BIGINT, created_at BIGINT NOT NULL, "
     "updated_at BIGINT NOT NULL)"},
    {kAll,
     "CREATE INDEX IF NOT EXISTS cc_operation_owner ON cc_operation (incarnation, created_at)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_operation_node ON cc_operation (node_uuid)"},
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_operation_part (operation VARCHAR(36) NOT NULL, "
     "name VARCHAR(16) NOT NULL, number INTEGER NOT NULL, data TEXT NOT NULL, "
     "PRIMARY KEY (operation, name, number))"},
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_answer (digest VARCHAR(64) NOT NULL PRIMARY KEY, "
     "node_uuid VARCHAR(36) NOT NULL, code INTEGER NOT NULL, text TEXT NOT NULL, "
     "kept_at BIGINT NOT NULL)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_answer_node ON cc_answer (node_uuid)"},
    {kAll, "CREATE INDEX IF NOT EXISTS cc_answer_kept_at ON cc_answer (kept_at)"},
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_pace (name VARCHAR(16) NOT NULL PRIMARY KEY, "
     "next_at BIGINT NOT NULL)"},
    {kAll,
     "CREATE TABLE IF NOT EXISTS cc_boot (node_uuid VARCHAR(36) NOT NULL PRIMARY KEY, "
     "since BIGINT NOT NULL)"},
};

// What is overdue among thousands that wait, and tens of thousands that have ended: a range of it.
constexpr MigrationSql kUnfinished[] = {
    {kAll,
     "CREATE INDEX IF NOT EXISTS cc_nodes_unfinished ON nodes (finished_at, started_at, uuid)"},
};

// Operations live for seconds and answers for an hour: what looks through all of them now and then
// costs less than an index costs each. Their rows, and those of the fence, are changed several
// times in a second: PostgreSQL does so in place where the page has room. (MySQL would lock every
// row that it looks at.)
constexpr MigrationSql kShortLived[] = {
    {kSqlite, "DROP INDEX IF EXISTS cc_operation_owner"},
    {kSqlite, "DROP INDEX IF EXISTS cc_answer_kept_at"},
    {kPostgresql, "DROP INDEX IF EXISTS cc_operation_owner"},
    {kPostgresql, "DROP INDEX IF EXISTS cc_answer_kept_at"},
    {kPostgresql, "ALTER TABLE cc_operation SET (fillfactor = 50)"},
    {kPostgresql, "ALTER TABLE cc_fence SET (fillfactor = 50)"},
};

constexpr std::array<MigrationStep, 4> kSteps = {{
    {"cc_1", "Fencing of stale writers, indexes", kFence},
    {"cc_2", "Journal of accepted operations", kJournal},
    {"cc_3", "Index of unfinished introspections by their start", kUnfinished},
    {"cc_4", "Fewer indexes on rows that live for seconds", kShortLived},
}};

}  // namespace

std::span<const MigrationStep> own_migrations() noexcept { return kSteps; }

}  // namespace inspector
