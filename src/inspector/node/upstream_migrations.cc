#include "inspector/node/migrations.h"

#include <array>

namespace inspector {
namespace {

using enum MigrationSql::For;

constexpr MigrationSql kInitial[] = {
    {kSqlite,
     "CREATE TABLE nodes (uuid VARCHAR(36) NOT NULL, started_at FLOAT, finished_at FLOAT, "
     "error TEXT, PRIMARY KEY (uuid))"},
    {kPostgresql,
     "CREATE TABLE nodes (uuid VARCHAR(36) NOT NULL, started_at DOUBLE PRECISION, "
     "finished_at DOUBLE PRECISION, error TEXT, PRIMARY KEY (uuid))"},
    {kMysql,
     "CREATE TABLE nodes (uuid VARCHAR(36) NOT NULL, started_at DOUBLE, finished_at DOUBLE, "
     "error TEXT, PRIMARY KEY (uuid))"},
    {kAll,
     "CREATE TABLE attributes (name VARCHAR(255) NOT NULL, value VARCHAR(255) NOT NULL, "
     "uuid VARCHAR(36), PRIMARY KEY (name, value), FOREIGN KEY(uuid) REFERENCES nodes (uuid))"},
    {kAll,
     "CREATE TABLE options (uuid VARCHAR(36) NOT NULL, name VARCHAR(255) NOT NULL, value TEXT, "
     "PRIMARY KEY (uuid, name), FOREIGN KEY(uuid) REFERENCES nodes (uuid))"},
};

constexpr MigrationSql kRules[] = {
    {kSqlite,
     "CREATE TABLE rules (uuid VARCHAR(36) NOT NULL, created_at DATETIME NOT NULL, "
     "description TEXT, disabled BOOLEAN, PRIMARY KEY (uuid))"},
    {kSqlite,
     "CREATE TABLE rule_conditions (id INTEGER NOT NULL, rule VARCHAR(36), "
     "op VARCHAR(255) NOT NULL, multiple VARCHAR(255) NOT NULL, field TEXT, params TEXT, "
     "PRIMARY KEY (id), FOREIGN KEY(rule) REFERENCES rules (uuid))"},
    {kSqlite,
     "CREATE TABLE rule_actions (id INTEGER NOT NULL, rule VARCHAR(36), "
     "action VARCHAR(255) NOT NULL, params TEXT, PRIMARY KEY (id), "
     "FOREIGN KEY(rule) REFERENCES rules (uuid))"},
    {kPostgresql,
     "CREATE TABLE rules (uuid VARCHAR(36) NOT NULL, created_at TIMESTAMP NOT NULL, "
     "description TEXT, disabled BOOLEAN, PRIMARY KEY (uuid))"},
    {kPostgresql,
     "CREATE TABLE rule_conditions (id SERIAL NOT NULL, rule VARCHAR(36), "
     "op VARCHAR(255) NOT NULL, multiple VARCHAR(255) NOT NULL, field TEXT, params TEXT, "
     "PRIMARY KEY (id), FOREIGN KEY(rule) REFERENCES rules (uuid))"},
    {kPostgresql,
     "CREATE TABLE rule_actions (id SERIAL NOT NULL, rule VARCHAR(36), "
     "action VARCHAR(255) NOT NULL, params TEXT, PRIMARY KEY (id), "
     "FOREIGN KEY(rule) REFERENCES rules (uuid))"},
    {kMysql,
     "CREATE TABLE rules (uuid VARCHAR(36) NOT NULL, created_at DATETIME NOT NULL, "
     "description TEXT, disabled BOOLEAN, PRIMARY KEY (uuid))"},
    {kMysql,
     "CREATE TABLE rule_conditions (id INTEGER NOT NULL AUTO_INCREMENT, rule VARCHAR(36), "
     "op VARCHAR(255) NOT NULL, multiple VARCHAR(255) NOT NULL, field TEXT, params TEXT, "
     "PRIMARY KEY (id), FOREIGN KEY(rule) REFERENCES rules (uuid))"},
    {kMysql,
     "CREATE TABLE rule_actions (id INTEGER NOT NULL AUTO_INCREMENT, rule VARCHAR(36), "
     "action VARCHAR(255) NOT NULL, params TEXT, PRIMARY KEY (id), "
     "FOREIGN KEY(rule) REFERENCES rules (uuid))"},
};

constexpr MigrationSql kInvert[] = {
    {kAll, "ALTER TABLE rule_conditions ADD COLUMN invert BOOLEAN"},
};

constexpr MigrationSql kState[] = {
    {kPostgresql,
     "CREATE TYPE node_state AS ENUM ('starting', 'waiting', 'processing', 'finished', 'error', "
     "'reapplying', 'enrolling', 'aborting')"},
    {kAll, "ALTER TABLE nodes ADD COLUMN version_id VARCHAR(36) DEFAULT ''"},
    {kSqlite, "ALTER TABLE nodes ADD COLUMN state VARCHAR(10) DEFAULT 'finished' NOT NULL"},
    {kPostgresql, "ALTER TABLE nodes ADD COLUMN state node_state DEFAULT 'finished' NOT NULL"},
    {kMysql,
     "ALTER TABLE nodes ADD COLUMN state ENUM('starting', 'waiting', 'processing', 'finished', "
     "'error', 'reapplying', 'enrolling', 'aborting') DEFAULT 'finished' NOT NULL"},
    {kAll, "UPDATE nodes SET state = 'error' WHERE error IS NOT NULL"},
};

// Seconds since 1970 become times of day; microseconds are kept as far as the float had them.
constexpr MigrationSql kTimes[] = {
    {kSqlite,
     "CREATE TABLE cc_new_nodes (uuid VARCHAR(36) NOT NULL, error TEXT, "
     "version_id VARCHAR(36) DEFAULT (''), state VARCHAR(10) DEFAULT 'finished' NOT NULL, "
     "started_at DATETIME, finished_at DATETIME, PRIMARY KEY (uuid))"},
    {kSqlite,
     "INSERT INTO cc_new_nodes (uuid, error, version_id, state, started_at, finished_at) "
     "SELECT uuid, error, version_id, state, "
     "strftime('%Y-%m-%d %H:%M:%S', started / 1000000, 'unixepoch') "
     "|| printf('.%06d', started % 1000000), "
     "strftime('%Y-%m-%d %H:%M:%S', finished / 1000000, 'unixepoch') "
     "|| printf('.%06d', finished % 1000000) "
     "FROM (SELECT uuid, error, version_id, state, "
     "CAST(round(started_at * 1000000) AS INTEGER) AS started, "
     "CAST(round(finished_at * 1000000) AS INTEGER) AS finished FROM nodes)"},
    {kSqlite, "DROP TABLE nodes"},
    {kSqlite, "ALTER TABLE cc_new_nodes RENAME TO nodes"},
    {kPostgresql, "ALTER TABLE nodes ADD COLUMN temp_started_at TIMESTAMP"},
    {kPostgresql, "ALTER TABLE nodes ADD COLUMN temp_finished_at TIMESTAMP"},
    {kPostgresql,
     "UPDATE nodes SET temp_started_at = to_timestamp(started_at) AT TIME ZONE 'UTC', "
     "temp_finished_at = to_timestamp(finished_at) AT TIME ZONE 'UTC'"},
    {kPostgresql, "ALTER TABLE nodes DROP COLUMN started_at"},
    {kPostgresql, "ALTER TABLE nodes DROP COLUMN finished_at"},
    {kPostgresql, "ALTER TABLE nodes RENAME temp_started_at TO started_at"},
    {kPostgresql, "ALTER TABLE nodes RENAME temp_finished_at TO finished_at"},
    {kMysql, "ALTER TABLE nodes ADD COLUMN temp_started_at DATETIME"},
    {kMysql, "ALTER TABLE nodes ADD COLUMN temp_finished_at DATETIME"},
    {kMysql,
     "UPDATE nodes SET temp_started_at = FROM_UNIXTIME(FLOOR(started_at)), "
     "temp_finished_at = FROM_UNIXTIME(FLOOR(finished_at))"},
    {kMysql, "ALTER TABLE nodes DROP COLUMN started_at, DROP COLUMN finished_at"},
    {kMysql,
     "ALTER TABLE nodes CHANGE temp_started_at started_at DATETIME, "
     "CHANGE temp_finished_at finished_at DATETIME"},
};

// An attribute may belong to several nodes from here on: it gets an identifier of its own.
constexpr MigrationSql kAttributes[] = {
    {kSqlite,
     "CREATE TABLE cc_new_attributes (name VARCHAR(255) NOT NULL, value VARCHAR(255), "
     "uuid VARCHAR(36), node_uuid VARCHAR(36), CONSTRAINT pk_attributes PRIMARY KEY (uuid), "
     "CONSTRAINT fk_node_attribute FOREIGN KEY(node_uuid) REFERENCES nodes (uuid))"},
    {kSqlite,
     "INSERT INTO cc_new_attributes (name, value, uuid, node_uuid) SELECT name, value, "
     "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
     "substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || "
     "hex(randomblob(6))), uuid FROM attributes"},
    {kSqlite, "DROP TABLE attributes"},
    {kSqlite, "ALTER TABLE cc_new_attributes RENAME TO attributes"},
    {kPostgresql, "ALTER TABLE attributes ADD COLUMN node_uuid VARCHAR(36)"},
    {kPostgresql, "ALTER TABLE attributes DROP CONSTRAINT attributes_uuid_fkey"},
    {kPostgresql,
     "UPDATE attributes SET node_uuid = uuid, "
     "uuid = md5(random()::text || clock_timestamp()::text || name || value)::uuid::text"},
    {kPostgresql, "ALTER TABLE attributes DROP CONSTRAINT attributes_pkey"},
    {kPostgresql, "ALTER TABLE attributes ADD CONSTRAINT attributes_pkey PRIMARY KEY (uuid)"},
    {kPostgresql,
     "ALTER TABLE attributes ADD CONSTRAINT fk_node_attribute FOREIGN KEY (node_uuid) "
     "REFERENCES nodes (uuid)"},
    {kPostgresql, "ALTER TABLE attributes ALTER COLUMN value DROP NOT NULL"},
    {kMysql, "ALTER TABLE attributes ADD COLUMN node_uuid VARCHAR(36)"},
    {kMysql, "ALTER TABLE attributes DROP FOREIGN KEY attributes_ibfk_1"},
    {kMysql, "UPDATE attributes SET node_uuid = uuid, uuid = UUID()"},
    {kMysql,
     "ALTER TABLE attributes DROP PRIMARY KEY, MODIFY uuid VARCHAR(36) NOT NULL, "
     "ADD PRIMARY KEY (uuid), MODIFY value VARCHAR(255)"},
    {kMysql,
     "ALTER TABLE attributes ADD CONSTRAINT fk_node_attribute FOREIGN KEY (node_uuid) "
     "REFERENCES nodes (uuid)"},
};

constexpr MigrationSql kManageBoot[] = {
    {kAll, "ALTER TABLE nodes ADD COLUMN manage_boot BOOLEAN"},
};

constexpr MigrationSql kData[] = {
    {kMysql,
     "CREATE TABLE introspection_data (uuid VARCHAR(36) NOT NULL, processed BOOLEAN NOT NULL, "
     "data LONGTEXT, PRIMARY KEY (uuid, processed), FOREIGN KEY(uuid) REFERENCES nodes (uuid))"},
    {kSqlite,
     "CREATE TABLE introspection_data (uuid VARCHAR(36) NOT NULL, processed BOOLEAN NOT NULL, "
     "data TEXT, PRIMARY KEY (uuid, processed), FOREIGN KEY(uuid) REFERENCES nodes (uuid))"},
    {kPostgresql,
     "CREATE TABLE introspection_data (uuid VARCHAR(36) NOT NULL, processed BOOLEAN NOT NULL, "
     "data TEXT, PRIMARY KEY (uuid, processed), FOREIGN KEY(uuid) REFERENCES nodes (uuid))"},
};

constexpr MigrationSql kScope[] = {
    {kAll, "ALTER TABLE rules ADD COLUMN scope VARCHAR(255)"},
};

constexpr std::array<MigrationStep, 10> kSteps = {{
    {"578f84f38d", "inital_db_schema", kInitial},
    {"d588418040d", "Add Rules", kRules},
    {"e169a4a81d88", "Add invert field to rule condition", kInvert},
    {"d2e48801c8ef", "Introducing Node.state attribute", kState},
    {"d00d6e3f38c4", "Change created|finished_at type to DateTime", kTimes},
    {"882b2d84cb1b", "attribute_constraints_relaxing", kAttributes},
    {"18440d0834af", "Introducing the aborting state", {}},
    {"2970d2d44edc", "Add manage_boot to nodes", kManageBoot},
    {"bf8dec16023c", "add_introspection_data_table", kData},
    {"b55109d5063a", "Added 'scope' column to 'Rules' table", kScope},
}};

}  // namespace

std::span<const MigrationStep> upstream_migrations() noexcept { return kSteps; }

}  // namespace inspector
