#include "tests/support/postgresql_server.h"
#include "sql/conformance/database_suite.h"

#include <gtest/gtest.h>

#include <atomic>

namespace sql {
namespace {

using support::PostgresqlServer;

/// Of the whole program; each test has a database of its own in it.
PostgresqlServer& server() {
  static PostgresqlServer instance;
  return instance;
}

std::string name_of(const testing::TestParamInfo<DatabaseUnderTest>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Postgresql, DatabaseSuite,
                         testing::Values(DatabaseUnderTest{"postgresql",
                                                           [](DatabaseOptions options) {
                                                             return std::make_unique<Database>(
                                                                 base::system_env(),
                                                                 server().make_database(), options);
                                                           }}),
                         name_of);

Errc error_of(const std::function<void()>& call, std::string* text = nullptr) {
  try {
    call();
  } catch (const Error& e) {
    if (text != nullptr) *text = e.what();
    return e.code;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Errc::kOther;
}

void look(Transaction& t) { t.query("SELECT 1"); }

std::unique_ptr<Database> open(const std::string& url, DatabaseOptions options = {}) {
  return std::make_unique<Database>(base::system_env(), url, options);
}

TEST(Postgresql, ARestartOfTheServerIsNotNoticed) {
  PostgresqlServer own;
  const auto database = open(own.make_database());
  database->run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  for (int round = 0; round < 2; ++round) {
    own.stop();
    own.start();
    database->run(Access::kWrite,
                  [](Transaction& t) { t.exec("INSERT INTO things VALUES ('a')"); });
  }
  own.kill();
  own.start();
  database->run(Access::kRead,
                [](Transaction& t) { EXPECT_EQ(t.query("SELECT name FROM things").size(), 2U); });
}

TEST(Postgresql, ARestartIsNotNoticedByATransactionThatWaitsForNoAnswer) {
  PostgresqlServer own;
  const auto database = open(own.make_database());
  database->run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  for (int round = 0; round < 2; ++round) {
    own.kill();
    own.start();
    database->run(Access::kWrite, [](Transaction& t) {
      t.exec_soon("INSERT INTO things VALUES (:p1)", {"a"});
      t.exec_soon("INSERT INTO things VALUES (:p1)", {"b"});
    });
  }
  database->run(Access::kRead,
                [](Transaction& t) { EXPECT_EQ(t.query("SELECT name FROM things").size(), 4U); });
}

TEST(Postgresql, AServerThatIsAwayIsUnreachableAndComesBack) {
  PostgresqlServer own;
  const auto database = open(own.make_database());
  database->run(Access::kRead, look);
  own.stop();
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, look); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { database->run(Access::kWrite, look); }), Errc::kUnreachable);
  own.start();
  database->run(Access::kRead, look);
}

TEST(Postgresql, AConnectionThatIsKilledInTheMiddleRunsTheBodyAgain) {
  const auto database = open(server().make_database());
  const auto killer = open(server().make_database());
  database->run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  int runs = 0;
  database->run(Access::kWrite, [&](Transaction& t) {
    t.exec("INSERT INTO things VALUES ('a')");
    if (++runs > 1) return;
    const auto pid = t.query("SELECT pg_backend_pid()").at(0).integer(0);
    killer->run(Access::kWrite,
                [&](Transaction& k) { k.query("SELECT pg_terminate_backend(:p1)", {pid}); });
    t.query("SELECT 1");
  });
  EXPECT_EQ(runs, 2);
  database->run(Access::kRead,
                [](Transaction& t) { EXPECT_EQ(t.query("SELECT name FROM things").size(), 1U); });
}

TEST(Postgresql, AWrongPasswordIsRefusedWithoutShowingIt) {
  std::string text;
  const auto database = open(server().url("postgres", "secretive"));
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, look); }, &text), Errc::kUnreachable);
  EXPECT_NE(text.find("password authentication failed"), std::string::npos) << text;
  EXPECT_EQ(text.find("secretive"), std::string::npos);
}

TEST(Postgresql, ADatabaseThatIsNotThereSaysItsName) {
  std::string text;
  const auto database = open(server().url("nothing_here"));
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, look); }, &text), Errc::kUnreachable);
  EXPECT_NE(text.find("nothing_here"), std::string::npos) << text;
}

TEST(Postgresql, ADeadlockIsCuredByRunningOneOfTheTwoAgain) {
  const auto database = open(server().make_database());
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec("CREATE TABLE things (name TEXT PRIMARY KEY, number INTEGER)");
    t.exec("INSERT INTO things VALUES ('a', 0), ('b', 0)");
  });
  std::atomic<int> inside = 0;
  std::atomic<int> runs = 0;
  const auto update = [&](const std::string& first, const std::string& second) {
    database->run(Access::kWrite, [&](Transaction& t) {
      ++runs;
      const auto add = [&](const std::string& name) {
        t.exec("UPDATE things SET number = number + 1 WHERE name = :p1", {name});
      };
      add(first);
      ++inside;
      while (inside < 2)
        std::this_thread::yield();
      add(second);
    });
  };
  auto other = base::system_env().spawn("other", [&](const std::stop_token&) { update("b", "a"); });
  update("a", "b");
  other.reset();
  EXPECT_GE(runs, 3);
  database->run(Access::kRead, [](Transaction& t) {
    EXPECT_EQ(t.query("SELECT number FROM things WHERE number = 2").size(), 2U);
  });
}

TEST(Postgresql, AStatementIsEndedWhenItsTimeIsUp) {
  DatabaseOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const auto database = open(server().make_database(), options);
  std::string text;
  EXPECT_EQ(error_of(
                [&] {
                  database->run(Access::kRead,
                                [](Transaction& t) { t.query("SELECT pg_sleep(30)"); });
                },
                &text),
            Errc::kUnreachable);
  EXPECT_NE(text.find("statement timeout"), std::string::npos) << text;
  database->run(Access::kRead, look);
}

TEST(Postgresql, AServerThatFallsSilentIsLeftWhenTheTransactionsTimeIsUp) {
  DatabaseOptions options;
  options.transaction = std::chrono::milliseconds(200);
  const auto database = open(server().make_database(), options);
  std::string text;
  pid_t silent = 0;
  EXPECT_EQ(error_of(
                [&] {
                  database->run(Access::kWrite, [&](Transaction& t) {
                    silent =
                        static_cast<pid_t>(t.query("SELECT pg_backend_pid()").at(0).integer(0));
                    ::kill(silent, SIGSTOP);
                    t.query("SELECT 1");
                  });
                },
                &text),
            Errc::kUnreachable);
  EXPECT_EQ(text, "the database did not answer in time");
  ::kill(silent, SIGCONT);
  database->run(Access::kRead, look);
}

TEST(Postgresql, BytesThatAreNoTextAreRefused) {
  const auto database = open(server().make_database());
  EXPECT_EQ(error_of([&] {
              database->run(Access::kRead, [](Transaction& t) {
                t.query("SELECT CAST(:p1 AS TEXT)", {"\xff\xfe"});
              });
            }),
            Errc::kBadData);
}

TEST(Postgresql, AConnectionThatIsTooOldIsNotUsedAgain) {
  const auto two_are_one = [](base::Env::Duration recycle) {
    Database database(base::system_env(), server().make_database(), {.recycle = recycle});
    std::vector<std::int64_t> processes;
    for (int i = 0; i < 2; ++i)
      database.run(Access::kRead, [&](Transaction& t) {
        processes.push_back(t.query("SELECT pg_backend_pid()")[0].integer(0));
      });
    return processes[0] == processes[1];
  };
  EXPECT_TRUE(two_are_one(std::chrono::seconds(0)));
  EXPECT_TRUE(two_are_one(std::chrono::hours(1)));
  EXPECT_FALSE(two_are_one(std::chrono::nanoseconds(1)));
}

}  // namespace
}  // namespace sql
