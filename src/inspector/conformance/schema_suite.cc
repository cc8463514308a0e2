#include "inspector/conformance/schema_suite.h"

#include "inspector/node/store.h"
#include "sql/time.h"

#include <atomic>

namespace inspector {

void SchemaSuite::execute(std::string_view statement, std::vector<sql::Value> parameters) {
  database_->run(sql::Access::kWrite, [&](sql::Transaction& t) { t.exec(statement, parameters); });
}

std::vector<std::string> SchemaSuite::query(std::string_view statement) {
  std::vector<std::string> values;
  database_->run(sql::Access::kRead, [&](sql::Transaction& t) {
    values.clear();
    for (const auto& row : t.query(statement))
      values.push_back(row.maybe_text(0).value_or("null"));
  });
  return values;
}

namespace {

constexpr std::string_view kHead = "cc_4";
constexpr const char* kNode = "00000001-0000-4000-8000-000000000000";

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing was thrown";
}

TEST_P(SchemaSuite, HistoryIsUpstreamsChainAndThenOurs) {
  const auto history = schema_history();
  ASSERT_EQ(history.size(), 14U);
  EXPECT_EQ(history[0].revision, "578f84f38d");
  EXPECT_EQ(history[0].previous, "");
  EXPECT_EQ(history[9].revision, "b55109d5063a");
  EXPECT_EQ(history[9].previous, "bf8dec16023c");
  EXPECT_EQ(history[10].revision, "cc_1");
  EXPECT_EQ(history[11].revision, "cc_2");
  EXPECT_EQ(history[12].revision, "cc_3");
  EXPECT_EQ(history[13].revision, kHead);
}

TEST_P(SchemaSuite, AnEmptyDatabaseComesToTheHead) {
  EXPECT_EQ(schema_revision(*database_), "");
  EXPECT_EQ(refusal([&] { check_schema(*database_); }),
            "the database does not have the newest schema; run `ironic-inspector-dbsync upgrade`");
  EXPECT_EQ(upgrade(*database_).size(), 14U);
  EXPECT_EQ(schema_revision(*database_), kHead);
  EXPECT_EQ(query("SELECT version_num FROM alembic_version"),
            std::vector<std::string>{"b55109d5063a"});
  EXPECT_NO_THROW(check_schema(*database_));
  EXPECT_EQ(upgrade(*database_).size(), 0U);
}

/// What a database of that revision holds; columns that came later are left to their defaults.
void fill(sql::Database& database, const std::string& revision) {
  const auto history = schema_history();
  std::size_t index = 0;
  while (history[index].revision != revision)
    ++index;
  const bool floats = index < 4;
  const bool shared_attributes = index >= 5;
  database.run(sql::Access::kWrite, [&](sql::Transaction& t) {
    t.exec("INSERT INTO nodes (uuid, started_at, finished_at, error) VALUES (:p1, :p2, :p3, :p4)",
           {kNode, floats ? sql::Value(1479809498.194088) : "2016-11-22 10:11:38.194088",
            floats ? sql::Value(1479809499.0) : "2016-11-22 10:11:39.000000", "broken"});
    if (index >= 3) t.exec("UPDATE nodes SET state = 'error'");
    if (shared_attributes)
      t.exec(
          "INSERT INTO attributes (uuid, node_uuid, name, value) "
          "VALUES ('a', :p1, 'mac', 'm1'), ('b', :p1, 'mac', 'm2')",
          {kNode});
    else
      t.exec(
          "INSERT INTO attributes (uuid, name, value) "
          "VALUES (:p1, 'mac', 'm1'), (:p1, 'mac', 'm2')",
          {kNode});
    t.exec("INSERT INTO options (uuid, name, value) VALUES (:p1, 'option', '1')", {kNode});
    if (index >= 1) {
      t.exec(
          "INSERT INTO rules (uuid, created_at, description) "
          "VALUES ('rule', '2016-11-22 10:11:38.194088', 'd')");
      t.exec(
          "INSERT INTO rule_conditions (rule, op, multiple, field, params) "
          "VALUES ('rule', 'eq', 'any', 'memory_mb', '{}')");
      t.exec("INSERT INTO rule_actions (rule, action, params) VALUES ('rule', 'fail', '{}')");
    }
    if (index >= 8)
      t.exec("INSERT INTO introspection_data (uuid, processed, data) VALUES (:p1, :p2, '{}')",
             {kNode, true});
  });
}

TEST_P(SchemaSuite, EveryOldRevisionIsUpgradedWithItsData) {
  for (const Migration& from : schema_history()) {
    SCOPED_TRACE(from.revision);
    database_.reset();
    database_ = GetParam().make({});
    upgrade(*database_, from.revision);
    EXPECT_EQ(schema_revision(*database_), from.revision);
    fill(*database_, from.revision);
    upgrade(*database_);
    EXPECT_EQ(schema_revision(*database_), kHead);
    base::Env& env = base::system_env();
    NodeStore store(env, *database_);
    const auto node = store.get(kNode);
    ASSERT_TRUE(node);
    EXPECT_EQ(node->state, State::kError);
    EXPECT_EQ(node->error, "broken");
    const auto second = std::chrono::sys_days(std::chrono::year(2016) / 11 / 22) +
                        std::chrono::hours(10) + std::chrono::minutes(11) +
                        std::chrono::seconds(38);
    EXPECT_EQ(node->started_at,
              sql::stored(second + std::chrono::microseconds(194088), database_->dialect()));
    EXPECT_EQ(node->finished_at, second + std::chrono::seconds(1));
    EXPECT_TRUE(node->manage_boot);
    EXPECT_EQ(store.lookup({{"mac", {"m1", "m2"}}}), std::vector<std::string>{kNode});
    EXPECT_EQ(query("SELECT COUNT(DISTINCT uuid) FROM attributes WHERE uuid IS NOT NULL"),
              std::vector<std::string>{"2"});
    EXPECT_EQ(query("SELECT value FROM options"), std::vector<std::string>{"1"});
    if (from.revision == "578f84f38d") continue;
    EXPECT_EQ(query("SELECT field FROM rule_conditions"), std::vector<std::string>{"memory_mb"});
    EXPECT_EQ(query("SELECT action FROM rule_actions"), std::vector<std::string>{"fail"});
    EXPECT_EQ(query("SELECT scope FROM rules"), std::vector<std::string>{"null"});
  }
}

TEST_P(SchemaSuite, TargetsAreRevisionsTheirBeginningsOrNumbersOfSteps) {
  EXPECT_EQ(upgrade(*database_, "d58").size(), 2U);
  EXPECT_EQ(upgrade(*database_, "+2").size(), 2U);
  EXPECT_EQ(schema_revision(*database_), "d2e48801c8ef");
  EXPECT_EQ(upgrade(*database_, "578f84f38d").size(), 0U);
  EXPECT_EQ(schema_revision(*database_), "d2e48801c8ef");
  EXPECT_EQ(upgrade(*database_, "b55109d5063a").size(), 6U);
  EXPECT_EQ(refusal([&] { upgrade(*database_, "nonsense"); }),
            "Can't locate revision identified by 'nonsense'");
  EXPECT_EQ(refusal([&] { upgrade(*database_, ""); }), "Can't locate revision identified by ''");
  EXPECT_EQ(refusal([&] { upgrade(*database_, "d"); }),
            "Multiple revisions start with 'd'; please use the full one");
  EXPECT_EQ(refusal([&] { upgrade(*database_, "+5"); }),
            "Relative revision +5 didn't produce 5 migrations");
}

TEST_P(SchemaSuite, ARevisionThatNobodyKnowsStopsEverything) {
  upgrade(*database_);
  execute("UPDATE alembic_version SET version_num = 'ffffffffffff'");
  EXPECT_EQ(refusal([&] { upgrade(*database_); }),
            "Can't locate revision identified by 'ffffffffffff'");
  EXPECT_EQ(refusal([&] { check_schema(*database_); }),
            "the database has a schema this program does not know: Can't locate revision "
            "identified by 'ffffffffffff'");
}

TEST_P(SchemaSuite, ANewerSchemaOfOursIsLeftAloneAndServesAnOlderProgramToo) {
  upgrade(*database_);
  execute("UPDATE cc_schema SET version = 99");
  EXPECT_EQ(upgrade(*database_).size(), 0U);
  EXPECT_NO_THROW(check_schema(*database_));
}

TEST_P(SchemaSuite, StampWritesTheRevisionAndNothingElse) {
  stamp_schema(*database_, "bf8dec16023c");
  EXPECT_EQ(schema_revision(*database_), "bf8dec16023c");
  const std::string text = refusal([&] { upgrade(*database_); });
  EXPECT_EQ(text.find("upgrade to b55109d5063a: "), 0U) << text;
  EXPECT_EQ(schema_revision(*database_), "bf8dec16023c");
  EXPECT_EQ(refusal([&] { stamp_schema(*database_, "nonsense"); }),
            "Can't locate revision identified by 'nonsense'");
}

TEST_P(SchemaSuite, OurStepsMayBeRepeated) {
  upgrade(*database_);
  stamp_schema(*database_, "b55109d5063a");
  EXPECT_EQ(upgrade(*database_).size(), 4U);
  EXPECT_NO_THROW(check_schema(*database_));
}

TEST_P(SchemaSuite, SeveralMayUpgradeAtOnce) {
  std::vector<std::unique_ptr<base::Env::Thread>> workers;
  std::atomic<std::size_t> steps = 0;
  for (int i = 0; i < 4; ++i)
    workers.push_back(base::system_env().spawn(
        "upgrade", [&](const std::stop_token&) { steps += upgrade(*database_).size(); }));
  workers.clear();
  EXPECT_EQ(steps, 14U);
  EXPECT_NO_THROW(check_schema(*database_));
}

TEST_P(SchemaSuite, RevisionsAreFoundByTheirBeginning) {
  EXPECT_EQ(find_migration("head").revision, kHead);
  EXPECT_EQ(find_migration("882b").title, "attribute_constraints_relaxing");
  EXPECT_EQ(refusal([] { find_migration("nonsense"); }),
            "Can't locate revision identified by 'nonsense'");
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SchemaSuite);

}  // namespace inspector
