// How the database finds what is looked for again and again, among many nodes.
#include "inspector/conformance/node_store_suite.h"

namespace inspector {
namespace {

struct Statement {
  std::string text;
  std::vector<sql::Value> parameters;
};

/// A transaction that notes what it is asked.
class NotingTransaction final : public sql::Transaction {
 public:
  NotingTransaction(sql::Transaction& through, std::vector<Statement>& noted)
      : through_(through), noted_(noted) {}
  sql::Dialect dialect() const noexcept override { return through_.dialect(); }
  std::int64_t exec(std::string_view statement, std::span<const sql::Value> parameters) override {
    return through_.exec(statement, parameters);
  }
  std::vector<sql::Row> query(std::string_view statement,
                              std::span<const sql::Value> parameters) override {
    noted_.push_back({std::string(statement), {parameters.begin(), parameters.end()}});
    return through_.query(statement, parameters);
  }

 private:
  sql::Transaction& through_;
  std::vector<Statement>& noted_;
};

/// The database of a test, whose queries are noted.
class NotingDatabase final : public sql::Database {
 public:
  explicit NotingDatabase(sql::Database& through) : through_(through) {}
  void run(sql::Access access, const std::function<void(sql::Transaction&)>& body) override {
    through_.run(access, [&](sql::Transaction& t) {
      NotingTransaction noting(t, noted);
      body(noting);
    });
  }
  sql::Dialect dialect() const noexcept override { return through_.dialect(); }
  std::string safe_url() const override { return through_.safe_url(); }

  std::vector<Statement> noted;

 private:
  sql::Database& through_;
};

std::string plan_of(sql::Database& database, const Statement& statement) {
  const bool sqlite = database.dialect() == sql::Dialect::kSqlite;
  std::string plan;
  database.run(sql::Access::kRead, [&](sql::Transaction& t) {
    for (const sql::Row& row : t.query(
             (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + statement.text, statement.parameters))
      for (std::size_t i = 0; i < row.size(); ++i)
        plan += row.maybe_text(i).value_or("-") + (i + 1 < row.size() ? " " : "\n");
  });
  return plan;
}

/// Of one node among many.
std::string row_of(int n, bool waits) {
  std::string uuid = std::to_string(n);
  uuid.insert(0, 8 - uuid.size(), '0');
  return "('" + uuid + "-0000-4000-8000-000000000001', " +
         (waits ? "'waiting', '2026-11-22 11:00:00', NULL)"
                : "'finished', '2026-11-22 10:00:00', '2026-11-22 10:30:00')");
}

/// So many that wait since today, and as many that have ended.
void fill(sql::Database& database, int each) {
  constexpr int kAtOnce = 500;
  database.run(sql::Access::kWrite, [&](sql::Transaction& t) {
    for (int n = 0; n < 2 * each; n += kAtOnce) {
      std::string rows = row_of(n, n < each);
      for (int i = n + 1; i < n + kAtOnce; ++i)
        rows += ", " + row_of(i, i < each);
      t.exec("INSERT INTO nodes (uuid, state, started_at, finished_at) VALUES " + rows);
    }
  });
  const bool mysql = database.dialect() == sql::Dialect::kMysql;
  database.run(sql::Access::kWrite,
               [&](sql::Transaction& t) { t.query(mysql ? "ANALYZE TABLE nodes" : "ANALYZE"); });
}

TEST_P(NodeStoreSuite, WhoHasTimedOutAmongTenThousandThatWaitIsFoundByAnIndex) {
  fill(*database_, 10'000);
  NotingDatabase noting(*database_);
  NodeStore store(env_, noting);
  const WallTime limit = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
  EXPECT_TRUE(store.overdue(limit, nullptr, 200).empty());
  const Node last{.uuid = uuid(1), .started_at = limit - std::chrono::hours(1)};
  EXPECT_TRUE(store.overdue(limit, &last, 200).empty());
  ASSERT_EQ(noting.noted.size(), 2U);
  for (const Statement& each : noting.noted) {
    const std::string plan = plan_of(*database_, each);
    EXPECT_NE(plan.find("cc_nodes_unfinished"), std::string::npos) << plan;
  }
}

}  // namespace

}  // namespace inspector
