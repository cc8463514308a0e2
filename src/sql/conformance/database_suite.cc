#include "sql/conformance/database_suite.h"

#include "sql/time.h"

#include <atomic>
#include <vector>

namespace sql {

void DatabaseSuite::make_table(Database& database) {
  database.run(Access::kWrite, [](Transaction& t) {
    const std::string time = t.dialect() == Dialect::kMysql ? "DATETIME(6)" : "TIMESTAMP";
    t.exec("CREATE TABLE things (name VARCHAR(50) PRIMARY KEY, number BIGINT, at " + time +
           ", flag BOOLEAN, share DOUBLE PRECISION)");
  });
}

std::int64_t DatabaseSuite::count(Database& database) {
  std::int64_t count = 0;
  database.run(Access::kRead, [&](Transaction& t) {
    count = t.query("SELECT count(*) FROM things").at(0).integer(0);
  });
  return count;
}

namespace {

void insert(Transaction& t, const std::string& name) {
  t.exec("INSERT INTO things (name) VALUES (:p1)", {name});
}

Errc error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Errc::kOther;
}

TEST_P(DatabaseSuite, EveryKindOfValueComesBackAsItWentIn) {
  const auto database = open();
  make_table(*database);
  const std::string name = "quote ' colon :p2 slash \\ ümläut";
  database->run(Access::kWrite, [&](Transaction& t) {
    EXPECT_EQ(t.exec("INSERT INTO things (name, number, at, flag, share) "
                     "VALUES (:p1, :p2, :p3, :p4, :p5)",
                     {name, std::int64_t{-9'007'199'254'740'993}, "2026-11-22 11:11:38.194088",
                      true, 0.25}),
              1);
  });
  database->run(Access::kRead, [&](Transaction& t) {
    const auto rows =
        t.query("SELECT name, number, at, flag, share FROM things WHERE name = :p1 AND flag = :p2",
                {name, true});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].size(), 5U);
    EXPECT_EQ(rows[0].text(0), name);
    EXPECT_EQ(rows[0].integer(1), -9'007'199'254'740'993);
    EXPECT_EQ(to_text(time_from_text(rows[0].text(2))), "2026-11-22 11:11:38.194088");
    EXPECT_TRUE(rows[0].boolean(3));
    EXPECT_EQ(rows[0].text(4), "0.25");
  });
}

TEST_P(DatabaseSuite, NullIsNullAndNotAText) {
  const auto database = open();
  make_table(*database);
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec("INSERT INTO things (name, number, at) VALUES (:p1, :p2, :p3)", {"a", nullptr, nullptr});
    t.exec("INSERT INTO things (name, number, at) VALUES (:p1, :p2, :p3)", {"", 7, nullptr});
  });
  database->run(Access::kRead, [](Transaction& t) {
    const auto rows = t.query("SELECT name, number FROM things ORDER BY name");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].maybe_text(0), "");
    EXPECT_EQ(rows[0].integer(1), 7);
    EXPECT_TRUE(rows[1].null(1));
    EXPECT_EQ(rows[1].maybe_text(1), std::nullopt);
    try {
      rows[1].text(1);
      ADD_FAILURE() << "a null was taken for a text";
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Errc::kBadData);
      EXPECT_STREQ(e.what(), "column number: null is not a text");
    }
  });
}

TEST_P(DatabaseSuite, ValuesOfTheWrongKindNameColumnAndValue) {
  const auto database = open();
  database->run(Access::kRead, [](Transaction& t) {
    const auto row = t.query("SELECT 'seven' AS amount").at(0);
    try {
      (void)row.integer(0);
      ADD_FAILURE() << "taken for a number";
    } catch (const Error& e) {
      EXPECT_STREQ(e.what(), "column amount: 'seven' is not an integer");
    }
    EXPECT_EQ(error_of([&] { (void)row.boolean(0); }), Errc::kBadData);
    EXPECT_EQ(error_of([&] { (void)row.text(1); }), Errc::kBadData);
  });
}

TEST_P(DatabaseSuite, TextWithNulIsRefused) {
  const auto database = open();
  make_table(*database);
  EXPECT_EQ(error_of([&] {
              database->run(Access::kWrite,
                            [](Transaction& t) { insert(t, std::string("a\0b", 3)); });
            }),
            Errc::kBadData);
  EXPECT_EQ(count(*database), 0);
}

TEST_P(DatabaseSuite, ChangedRowsAreCounted) {
  const auto database = open();
  make_table(*database);
  database->run(Access::kWrite, [](Transaction& t) {
    insert(t, "a");
    insert(t, "b");
    EXPECT_EQ(t.exec("UPDATE things SET number = :p1", {1}), 2);
    EXPECT_EQ(t.exec("UPDATE things SET number = :p1 WHERE name = :p2", {1, "none"}), 0);
    EXPECT_EQ(t.exec("DELETE FROM things WHERE name = :p1", {"a"}), 1);
  });
  EXPECT_EQ(count(*database), 1);
}

TEST_P(DatabaseSuite, SameParameterMayStandTwice) {
  const auto database = open();
  make_table(*database);
  database->run(Access::kWrite, [](Transaction& t) { insert(t, "a"); });
  database->run(Access::kRead, [](Transaction& t) {
    EXPECT_EQ(t.query("SELECT name FROM things WHERE name = :p1 OR name = :p1", {"a"}).size(), 1U);
  });
}

TEST_P(DatabaseSuite, WhatTheBodyThrowsUndoesItAndIsPassedOn) {
  const auto database = open();
  make_table(*database);
  EXPECT_THROW(database->run(Access::kWrite,
                             [](Transaction& t) {
                               insert(t, "a");
                               throw std::logic_error("changed my mind");
                             }),
               std::logic_error);
  EXPECT_EQ(count(*database), 0);
  database->run(Access::kWrite, [](Transaction& t) { insert(t, "a"); });
  EXPECT_EQ(count(*database), 1);
}

TEST_P(DatabaseSuite, DuplicatesAreToldApartFromOtherErrors) {
  const auto database = open();
  make_table(*database);
  int runs = 0;
  EXPECT_EQ(error_of([&] {
              database->run(Access::kWrite, [&](Transaction& t) {
                ++runs;
                insert(t, "a");
                insert(t, "a");
              });
            }),
            Errc::kDuplicate);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(error_of([&] {
              database->run(Access::kWrite,
                            [](Transaction& t) { t.exec("INSERT INTO nowhere VALUES (1)"); });
            }),
            Errc::kOther);
  EXPECT_EQ(count(*database), 0);
}

TEST_P(DatabaseSuite, ATransactionWithAFailedStatementIsNeverCommitted) {
  const auto database = open();
  make_table(*database);
  EXPECT_EQ(error_of([&] {
              database->run(Access::kWrite, [](Transaction& t) {
                insert(t, "a");
                try {
                  insert(t, "a");
                } catch (const Error&) {
                  // a body that overlooks the failure
                }
              });
            }),
            Errc::kOther);
  EXPECT_EQ(count(*database), 0);
}

TEST_P(DatabaseSuite, AReaderCannotChangeAnything) {
  const auto database = open();
  make_table(*database);
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, [](Transaction& t) { insert(t, "a"); }); }),
            Errc::kOther);
  EXPECT_EQ(count(*database), 0);
}

TEST_P(DatabaseSuite, AReaderOfOneQueryHasThatOneOnly) {
  const auto database = open();
  make_table(*database);
  database->run(Access::kWrite, [](Transaction& t) { insert(t, "a"); });
  const auto look = [](Transaction& t) { return t.query("SELECT name FROM things"); };
  std::size_t rows = 0;
  database->run(Access::kReadOne, [&](Transaction& t) { rows = look(t).size(); });
  EXPECT_EQ(rows, 1U);
  EXPECT_EQ(error_of([&] {
              database->run(Access::kReadOne, [&](Transaction& t) {
                look(t);
                look(t);
              });
            }),
            Errc::kOther);
  EXPECT_EQ(
      error_of([&] { database->run(Access::kReadOne, [](Transaction& t) { insert(t, "b"); }); }),
      Errc::kOther);
  EXPECT_EQ(count(*database), 1);
}

TEST_P(DatabaseSuite, AConflictRunsTheBodyAgain) {
  const auto database = open();
  make_table(*database);
  int runs = 0;
  database->run(Access::kWrite, [&](Transaction& t) {
    insert(t, "a");
    if (++runs < 8) throw Error(Errc::kConflict, "deadlock");
  });
  EXPECT_EQ(runs, 8);
  EXPECT_EQ(count(*database), 1);
}

TEST_P(DatabaseSuite, ADocumentOfMegabytesIsKept) {
  const auto database = open();
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec(t.dialect() == Dialect::kMysql ? "CREATE TABLE documents (body LONGTEXT)"
                                          : "CREATE TABLE documents (body TEXT)");
  });
  std::string body(3U << 20U, 'x');
  body += "end";
  database->run(Access::kWrite, [&](Transaction& t) {
    t.exec("INSERT INTO documents (body) VALUES (:p1)", {body});
  });
  database->run(Access::kRead, [&](Transaction& t) {
    EXPECT_EQ(t.query("SELECT body FROM documents").at(0).text(0), body);
  });
}

TEST_P(DatabaseSuite, ManyThreadsOnFewConnectionsLoseNoWrite) {
  DatabaseOptions options;
  options.max_connections = 3;
  const auto database = open(options);
  make_table(*database);
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec("INSERT INTO things (name, number) VALUES (:p1, :p2)", {"counter", 0});
  });
  std::vector<std::unique_ptr<base::Env::Thread>> workers;
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i)
    workers.push_back(base::system_env().spawn("worker", [&](const std::stop_token&) {
      for (int round = 0; round < 10; ++round) {
        database->run(Access::kWrite, [](Transaction& t) {
          t.exec("UPDATE things SET number = number + 1 WHERE name = :p1", {"counter"});
        });
        (void)count(*database);
      }
      ++done;
    }));
  workers.clear();
  EXPECT_EQ(done, 8);
  database->run(Access::kRead, [](Transaction& t) {
    EXPECT_EQ(t.query("SELECT number FROM things").at(0).integer(0), 80);
  });
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DatabaseSuite);

}  // namespace sql
