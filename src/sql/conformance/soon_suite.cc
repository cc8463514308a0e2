#include "sql/conformance/database_suite.h"

#include <stdexcept>
#include <string>
#include <vector>

// Statements that nobody waits for (Transaction::exec_soon).

namespace sql {
namespace {

struct NothingChanged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr const char* kInsert = "INSERT INTO things (name, number) VALUES (:p1, :p2)";
constexpr const char* kUpdate = "UPDATE things SET number = number + 1 WHERE name = :p1";

const IfNone kRefuse = [] { throw NothingChanged("nothing was changed"); };

std::vector<std::string> names(Database& database) {
  std::vector<std::string> found;
  database.run(Access::kRead, [&](Transaction& t) {
    found.clear();
    for (const Row& row : t.query("SELECT name FROM things ORDER BY name"))
      found.push_back(row.text(0));
  });
  return found;
}

using Names = std::vector<std::string>;

TEST_P(DatabaseSuite, WhatIsToRunSoonIsSeenByTheNextQueryInItsOrder) {
  const auto database = open();
  make_table(*database);
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec_soon(kInsert, {"a", 1});
    t.exec_soon(kUpdate, {"a"}, kRefuse);
    t.exec_soon(kUpdate, {"a"}, kRefuse);
    EXPECT_EQ(t.query("SELECT number FROM things WHERE name = :p1", {"a"}).at(0).integer(0), 3);
    t.exec_soon("DELETE FROM things WHERE name = :p1", {"a"});
    EXPECT_EQ(t.exec(kUpdate, {"a"}), 0);
    t.exec_soon(kInsert, {"b", nullptr});
    t.exec_soon(kInsert, {"c", true});
  });
  EXPECT_EQ(names(*database), (Names{"b", "c"}));
}

TEST_P(DatabaseSuite, WhatChangedNothingUndoesTheTransactionWithTheCommit) {
  const auto database = open();
  make_table(*database);
  for (const bool alone : {true, false})
    EXPECT_THROW(database->run(Access::kWrite,
                               [&](Transaction& t) {
                                 if (!alone) t.query("SELECT 1");
                                 t.exec_soon(kInsert, {"a", 1});
                                 t.exec_soon(kUpdate, {"nobody"}, kRefuse);
                                 t.exec_soon(kInsert, {"b", 1});
                               }),
                 NothingChanged);
  EXPECT_EQ(names(*database), Names{});
}

TEST_P(DatabaseSuite, WhatChangedNothingUndoesTheTransactionWithTheNextStatement) {
  const auto database = open();
  make_table(*database);
  bool went_on = false;
  EXPECT_THROW(database->run(Access::kWrite,
                             [&](Transaction& t) {
                               t.exec_soon(kInsert, {"a", 1});
                               t.exec_soon(kUpdate, {"nobody"}, kRefuse);
                               t.query("SELECT 1");
                               went_on = true;
                             }),
               NothingChanged);
  EXPECT_FALSE(went_on);
  EXPECT_EQ(names(*database), Names{});
}

TEST_P(DatabaseSuite, WhatFailsSoonFailsTheTransactionAndNotTheNextOne) {
  const auto database = open();
  make_table(*database);
  for (const bool alone : {true, false}) {
    try {
      database->run(Access::kWrite, [&](Transaction& t) {
        if (!alone) t.query("SELECT 1");
        t.exec_soon(kInsert, {"a", 1});
        t.exec_soon(kInsert, {"a", 2});
        t.exec_soon(kInsert, {"b", 2});
      });
      ADD_FAILURE() << "two with the same key";
    } catch (const Error& error) {
      EXPECT_EQ(error.code, Errc::kDuplicate);
    }
    EXPECT_EQ(names(*database), Names{});
  }
  database->run(Access::kWrite, [](Transaction& t) { t.exec_soon(kInsert, {"a", 1}, kRefuse); });
  EXPECT_EQ(names(*database), Names{"a"});
}

TEST_P(DatabaseSuite, WhatIsToRunSoonMayBeLongAndMayNotHaveANul) {
  const auto database = open();
  database->run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE texts (text TEXT)"); });
  const std::string text(65'000, 'x');
  database->run(Access::kWrite, [&](Transaction& t) {
    for (int i = 0; i < 40; ++i)
      t.exec_soon("INSERT INTO texts (text) VALUES (:p1)", {text});
  });
  database->run(Access::kRead, [&](Transaction& t) {
    const auto rows = t.query("SELECT COUNT(*), SUM(LENGTH(text)) FROM texts");
    EXPECT_EQ(rows.at(0).integer(0), 40);
    EXPECT_EQ(rows.at(0).text(1), std::to_string(40 * text.size()));
  });
  EXPECT_THROW(database->run(Access::kWrite,
                             [](Transaction& t) {
                               t.exec_soon("INSERT INTO texts (text) VALUES (:p1)",
                                           {std::string("a\0b", 3)});
                             }),
               Error);
}

TEST_P(DatabaseSuite, ATransactionThatOnlyReadsRunsNothingSoon) {
  const auto database = open();
  make_table(*database);
  EXPECT_THROW(database->run(Access::kRead,
                             [](Transaction& t) {
                               t.exec_soon(kInsert, {"a", 1});
                             }),
               Error);
  EXPECT_EQ(names(*database), Names{});
}

}  // namespace
}  // namespace sql
