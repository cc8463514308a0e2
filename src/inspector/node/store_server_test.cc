#include "inspector/conformance/node_store_suite.h"
#include "inspector/conformance/schema_suite.h"
#include "tests/support/postgresql_server.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

/// Of the whole program; each test has a database of its own in it.
support::PostgresqlServer& server() {
  static support::PostgresqlServer instance;
  return instance;
}

const sql::DatabaseUnderTest kPostgresql = {
    "postgresql", [](sql::DatabaseOptions options) {
      return std::make_unique<sql::Database>(base::system_env(), server().make_database(), options);
    }};

std::string name_of(const testing::TestParamInfo<sql::DatabaseUnderTest>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Postgresql, NodeStoreSuite, testing::Values(kPostgresql), name_of);
INSTANTIATE_TEST_SUITE_P(Postgresql, SchemaSuite, testing::Values(kPostgresql), name_of);

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
  store.start("a", true, {}, {"one", 1});
  std::unique_ptr<base::Env::Thread> successor;
  std::atomic<bool> done = false;
  store.write("a", {"one", 1}, [&](sql::Transaction& t) {
    successor = base::system_env().spawn("successor", [&](const std::stop_token&) {
      store.finish("a", Event::kError, "by the successor", {"one", 2});
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
  EXPECT_THROW(store.fire("a", Event::kStart, {"one", 1}), StaleToken);
}

}  // namespace
}  // namespace inspector
