#include "inspector/conformance/journal_suite.h"
#include "inspector/conformance/node_store_suite.h"
#include "inspector/conformance/schema_suite.h"
#include "inspector/error.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

const sql::DatabaseUnderTest kMemory = {"sqlite", [](sql::DatabaseOptions options) {
                                          return std::make_unique<sql::Database>(
                                              base::system_env(), "sqlite://", options);
                                        }};

std::string name_of(const testing::TestParamInfo<sql::DatabaseUnderTest>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Sqlite, NodeStoreSuite, testing::Values(kMemory), name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, JournalSuite, testing::Values(kMemory), name_of);
INSTANTIATE_TEST_SUITE_P(Sqlite, SchemaSuite, testing::Values(kMemory), name_of);

/// SQLite takes any text as a state; servers have a type for it.
class NodeStoreOnSqlite : public testing::Test {
 protected:
  NodeStoreOnSqlite() : database_(kMemory.make({})), store_(env_, *database_) {
    upgrade(*database_);
  }

  void insert(const char* uuid, const char* state, const char* started_at) {
    database_->run(sql::Access::kWrite, [&](sql::Transaction& t) {
      t.exec("INSERT INTO nodes (uuid, state, started_at) VALUES (:p1, :p2, :p3)",
             {uuid, state, started_at});
    });
  }
  std::string refusal(const char* uuid) {
    try {
      store_.get(uuid);
    } catch (const sql::Error& e) {
      EXPECT_EQ(e.code, sql::Errc::kBadData);
      return e.what();
    }
    return "was read";
  }

  SteppingEnv env_;
  std::unique_ptr<sql::Database> database_;
  NodeStore store_;
};

TEST_F(NodeStoreOnSqlite, RowsThatCannotBeReadNameTableColumnAndValue) {
  insert("a", "cooking", "2026-11-22 00:00:00");
  EXPECT_EQ(refusal("a"), "table nodes, node a, column state: 'cooking' is not a state");
  insert("b", "waiting", "yesterday");
  EXPECT_EQ(refusal("b"), "table nodes, node b, column started_at: 'yesterday' is not a time");
}

TEST_F(NodeStoreOnSqlite, RowsThatCannotBeReadAreLeftOutOfListings) {
  insert("a", "cooking", "2026-11-22 00:00:00");
  insert("b", "waiting", "2026-11-22 00:00:00");
  insert("c", "waiting", "2026-11-22 00:00:0x");
  const auto nodes = *store_.list({});
  ASSERT_EQ(nodes.size(), 1U);
  EXPECT_EQ(nodes[0].uuid, "b");
  EXPECT_EQ(store_.overdue(env_.last() + std::chrono::hours(100), nullptr, 10).size(), 1U);
}

TEST(NoDataStore, KeepsNothingAndSaysSo) {
  const auto store = no_data_store();
  EXPECT_FALSE(store->enabled());
  store->save("u", true, "{}", {});
  try {
    store->get("u", true);
    FAIL() << "data from nowhere";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kNotFound);
    EXPECT_STREQ(e.what(),
                 "Inspector is not configured to store data. Set the [processing]store_data "
                 "configuration option to change this.");
  }
}

}  // namespace
}  // namespace inspector
