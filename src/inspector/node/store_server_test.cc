#include "inspector/conformance/journal_suite.h"
#include "inspector/conformance/node_store_suite.h"
#include "inspector/conformance/schema_suite.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/postgresql_server.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

/// Of the whole program, as the next one; each test has a database of its own in it.
support::PostgresqlServer& server() {
  static support::PostgresqlServer instance;
  return instance;
}

const sql::DatabaseUnderTest kPostgresql = {
    "postgresql", [](sql::DatabaseOptions options) {
      return std::make_unique<sql::Database>(base::system_env(), server().make_database(), options);
    }};

support::MariadbServer& mariadb() {
  static support::MariadbServer instance;
  return instance;
}

const sql::DatabaseUnderTest kMysql = {"mariadb", [](sql::DatabaseOptions options) {
                                         return std::make_unique<sql::Database>(
                                             base::system_env(), mariadb().make_database(),
                                             options);
                                       }};

std::string name_of(const testing::TestParamInfo<sql::DatabaseUnderTest>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Postgresql, NodeStoreSuite, testing::Values(kPostgresql), name_of);
INSTANTIATE_TEST_SUITE_P(Postgresql, JournalSuite, testing::Values(kPostgresql), name_of);
INSTANTIATE_TEST_SUITE_P(Postgresql, SchemaSuite, testing::Values(kPostgresql), name_of);

INSTANTIATE_TEST_SUITE_P(Mysql, NodeStoreSuite, testing::Values(kMysql), name_of);
INSTANTIATE_TEST_SUITE_P(Mysql, JournalSuite, testing::Values(kMysql), name_of);
INSTANTIATE_TEST_SUITE_P(Mysql, SchemaSuite, testing::Values(kMysql), name_of);

TEST(SchemaOnPostgresql, ATypeFromBeforeTheAbortingStateLearnsIt) {
  const auto database = kPostgresql.make({});
  upgrade(*database, "882b2d84cb1b");
  database->run(sql::Access::kWrite, [](sql::Transaction& t) {
    t.exec("ALTER TABLE nodes ALTER COLUMN state DROP DEFAULT");
    t.exec("ALTER TYPE node_state RENAME TO former_state");
    t.exec(
        "CREATE TYPE node_state AS ENUM ('starting', 'waiting', 'processing', 'finished', "
        "'error', 'reapplying', 'enrolling')");
    t.exec(
        "ALTER TABLE nodes ALTER COLUMN state TYPE node_state "
        "USING state::text::node_state");
    t.exec("ALTER TABLE nodes ALTER COLUMN state SET DEFAULT 'finished'");
  });
  upgrade(*database);
  SteppingEnv env;
  NodeStore store(env, *database);
  const tooz::Token token{"one", 1};
  store.start("a", true, {}, token);
  store.fire("a", Event::kWait, token);
  EXPECT_EQ(store.fire("a", Event::kAbort, token).state, State::kAborting);
}

/// The predecessor's transaction is under way when its successor comes: who has raised the fence
/// first is waited for, and nothing that it did before is lost or overtaken.
TEST(FenceOnPostgresql, ASuccessorWaitsForThePredecessorsTransactionAndThenWins) {
  const auto database = kPostgresql.make({});
  upgrade(*database);
  SteppingEnv env;
  NodeStore store(env, *database);
  store.start("a", true, {}, tooz::Token{"one", 1});
  std::unique_ptr<base::Env::Thread> successor;
  std::atomic<bool> done = false;
  store.write("a", tooz::Token{"one", 1}, [&](sql::Transaction& t) {
    successor = base::system_env().spawn("successor", [&](const std::stop_token&) {
      store.finish("a", Event::kError, "by the successor", tooz::Token{"one", 2});
      done = true;
    });
    while (t.query("SELECT pid FROM pg_locks WHERE NOT granted").empty()) {
    }
    EXPECT_FALSE(done);
    t.exec("UPDATE nodes SET state = 'waiting' WHERE uuid = 'a'");
  });
  successor.reset();
  EXPECT_TRUE(done);
  EXPECT_EQ(store.get("a")->error, "by the successor");
  EXPECT_THROW(store.fire("a", Event::kStart, tooz::Token{"one", 1}), StaleToken);
}

/// As upstream's migrations leave them on MySQL: other characters and other rules of comparison
/// than ours, and documents of 64 KiB at most.
constexpr const char* kUpstreamsTables =
    "CREATE TABLE nodes (uuid VARCHAR(36) NOT NULL, error TEXT, version_id VARCHAR(36) DEFAULT '', "
    "state ENUM('starting','waiting','processing','finished','error','reapplying','enrolling') "
    "NOT NULL DEFAULT 'finished', started_at DATETIME, finished_at DATETIME, "
    "manage_boot TINYINT(1), PRIMARY KEY (uuid)) ENGINE=InnoDB CHARSET=utf8mb3;"
    "CREATE TABLE attributes (name VARCHAR(255) NOT NULL, value VARCHAR(255), "
    "uuid VARCHAR(36) NOT NULL, node_uuid VARCHAR(36), PRIMARY KEY (uuid), "
    "CONSTRAINT fk_node_attribute FOREIGN KEY (node_uuid) REFERENCES nodes (uuid)) "
    "ENGINE=InnoDB CHARSET=utf8mb3;"
    "CREATE TABLE options (uuid VARCHAR(36) NOT NULL, name VARCHAR(255) NOT NULL, value TEXT, "
    "PRIMARY KEY (uuid, name), FOREIGN KEY (uuid) REFERENCES nodes (uuid)) "
    "ENGINE=InnoDB CHARSET=utf8mb3;"
    "CREATE TABLE introspection_data (uuid VARCHAR(36) NOT NULL, processed TINYINT(1) NOT NULL, "
    "data TEXT, PRIMARY KEY (uuid, processed), FOREIGN KEY (uuid) REFERENCES nodes (uuid)) "
    "ENGINE=InnoDB CHARSET=utf8mb3;"
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
    "INSERT INTO alembic_version VALUES ('b55109d5063a');"
    "INSERT INTO nodes (uuid, state, error, started_at) "
    "VALUES ('a', 'error', 'broken', '2016-11-22 10:11:38');"
    "INSERT INTO introspection_data VALUES ('a', 1, '{}');";

TEST(SchemaOnMysql, ADatabaseThatUpstreamMadeIsUpgradedInPlace) {
  const std::string url = mariadb().make_database();
  mariadb().sql("USE " + url.substr(url.rfind('/') + 1) + ";" + kUpstreamsTables);
  sql::Database database(base::system_env(), url);
  upgrade(database);
  SteppingEnv env;
  NodeStore store(env, database);
  EXPECT_EQ(store.get("a")->error, "broken");
  const tooz::Token token{"one", 1};
  database_data_store(database, store)->save("a", true, std::string(100'000, ' ') + "{}", token);
  store.start("a", true, std::vector<std::string>{"192.0.2.1"}, token);
  store.fire("a", Event::kWait, token);
  EXPECT_EQ(store.fire("a", Event::kAbort, token).state, State::kAborting);
  database.run(sql::Access::kRead, [](sql::Transaction& t) {
    const auto rows = t.query(
        "SELECT f.number FROM cc_fence f JOIN attributes a ON a.node_uuid = f.uuid "
        "JOIN nodes n ON n.uuid = f.uuid");
    EXPECT_EQ(rows.size(), 1U);
    EXPECT_EQ(t.query("SELECT version_num FROM alembic_version").at(0).text(0), "b55109d5063a");
  });
}

}  // namespace
}  // namespace inspector
