#include "sql/conformance/database_suite.h"
#include "tests/support/mariadb_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <random>

namespace sql {
namespace {

using support::MariadbServer;

/// Of the whole program; each test has a database of its own in it.
MariadbServer& server() {
  static MariadbServer instance;
  return instance;
}

std::string name_of(const testing::TestParamInfo<DatabaseUnderTest>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Mysql, DatabaseSuite,
                         testing::Values(DatabaseUnderTest{"mariadb",
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

std::string with_driver(std::string url) { return url.insert(url.find(':'), "+pymysql"); }

TEST(Mysql, ThePythonDriverInTheUrlAndItsOptionsDoNotMatter) {
  open(with_driver(server().make_database()) + "?charset=utf8&connect_timeout=5")
      ->run(Access::kRead, look);
  EXPECT_EQ(error_of([] { open("mysql://u:secret@h/db?colour=red"); }), Errc::kBadUrl);
}

TEST(Mysql, ARestartOfTheServerIsNotNoticed) {
  MariadbServer own;
  const auto database = open(own.make_database());
  database->run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  for (const bool crash : {false, true}) {
    crash ? own.kill() : own.stop();
    own.start();
    database->run(Access::kWrite,
                  [](Transaction& t) { t.exec("INSERT INTO things VALUES ('a')"); });
  }
  database->run(Access::kRead,
                [](Transaction& t) { EXPECT_EQ(t.query("SELECT name FROM things").size(), 2U); });
}

TEST(Mysql, AServerThatIsAwayIsUnreachableAndComesBack) {
  MariadbServer own;
  const auto database = open(own.make_database());
  database->run(Access::kRead, look);
  own.stop();
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, look); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { database->run(Access::kWrite, look); }), Errc::kUnreachable);
  own.start();
  database->run(Access::kRead, look);
}

TEST(Mysql, AConnectionThatIsKilledInTheMiddleRunsTheBodyAgain) {
  const auto database = open(server().make_database());
  database->run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  int runs = 0;
  database->run(Access::kWrite, [&](Transaction& t) {
    t.exec("INSERT INTO things VALUES ('a')");
    if (++runs > 1) return;
    server().sql("KILL " + t.query("SELECT CONNECTION_ID()").at(0).text(0));
    t.query("SELECT 1");
  });
  EXPECT_EQ(runs, 2);
  database->run(Access::kRead,
                [](Transaction& t) { EXPECT_EQ(t.query("SELECT name FROM things").size(), 1U); });
}

TEST(Mysql, AWrongPasswordIsRefusedWithoutShowingIt) {
  std::string text;
  const auto database = open(server().url("test", "secretive"));
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, look); }, &text), Errc::kUnreachable);
  EXPECT_NE(text.find("Access denied for user 'test'"), std::string::npos) << text;
  EXPECT_EQ(text.find("secretive"), std::string::npos);
}

TEST(Mysql, ADatabaseThatIsNotThereSaysItsName) {
  std::string text;
  const auto database = open(server().url("nothing_here"));
  EXPECT_EQ(error_of([&] { database->run(Access::kRead, look); }, &text), Errc::kUnreachable);
  EXPECT_NE(text.find("nothing_here"), std::string::npos) << text;
}

TEST(Mysql, ADeadlockIsCuredByRunningOneOfTheTwoAgain) {
  const auto database = open(server().make_database());
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec("CREATE TABLE things (name VARCHAR(9) PRIMARY KEY, number INTEGER)");
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

/// Each of many takes all rows in an order of his own, again and again.
TEST(Mysql, AStormOfDeadlocksIsCuredForEverybody) {
  static constexpr int kWriters = 16, kRounds = 20, kRows = 8;
  const auto database = open(server().make_database(), {.max_connections = kWriters});
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec("CREATE TABLE things (name INTEGER PRIMARY KEY, number INTEGER)");
    for (int row = 0; row < kRows; ++row)
      t.exec("INSERT INTO things VALUES (:p1, 0)", {std::int64_t{row}});
  });
  const auto write = [&](std::mt19937 chance) {
    std::array<std::int64_t, kRows> order{};
    std::iota(order.begin(), order.end(), 0);
    for (int round = 0; round < kRounds; ++round) {
      std::shuffle(order.begin(), order.end(), chance);
      database->run(Access::kWrite, [&](Transaction& t) {
        for (const std::int64_t row : order)
          t.exec("UPDATE things SET number = number + 1 WHERE name = :p1", {row});
      });
    }
  };
  std::vector<std::unique_ptr<base::Env::Thread>> writers;
  for (unsigned i = 0; i < kWriters; ++i)
    writers.push_back(base::system_env().spawn("writer", [&write, i](const std::stop_token&) {
      EXPECT_NO_THROW(write(std::mt19937(i)));
    }));
  writers.clear();
  database->run(Access::kRead, [](Transaction& t) {
    EXPECT_EQ(
        t.query("SELECT name FROM things WHERE number = :p1", {std::int64_t{kWriters * kRounds}})
            .size(),
        kRows);
  });
}

TEST(Mysql, AStatementIsEndedWhenItsTimeIsUp) {
  DatabaseOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const auto database = open(server().make_database(), options);
  std::string text;
  EXPECT_EQ(error_of(
                [&] {
                  database->run(Access::kRead, [](Transaction& t) { t.query("SELECT SLEEP(30)"); });
                },
                &text),
            Errc::kUnreachable);
  EXPECT_NE(text.find("max_statement_time"), std::string::npos) << text;
  database->run(Access::kRead, look);
}

TEST(Mysql, AServerThatFallsSilentIsLeftWhenTheTransactionsTimeIsUp) {
  MariadbServer own;
  DatabaseOptions options;
  options.transaction = std::chrono::milliseconds(200);
  const auto database = open(own.make_database(), options);
  std::string text;
  EXPECT_EQ(error_of(
                [&] {
                  database->run(Access::kWrite, [&](Transaction& t) {
                    own.pause();
                    t.query("SELECT 1");
                  });
                },
                &text),
            Errc::kUnreachable);
  EXPECT_EQ(text, "the database did not answer in time");
  own.resume();
  database->run(Access::kRead, look);
}

TEST(Mysql, EveryCharacterIsKept) {
  const auto database = open(server().make_database());
  const std::string text = "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80";
  database->run(Access::kRead, [&](Transaction& t) {
    EXPECT_EQ(t.query("SELECT :p1", {text}).at(0).text(0), text);
  });
}

TEST(Mysql, BytesThatAreNoTextAreRefused) {
  const auto database = open(server().make_database());
  database->run(Access::kWrite, [](Transaction& t) {
    t.exec("CREATE TABLE things (name VARCHAR(9)) CHARACTER SET utf8mb4");
  });
  EXPECT_EQ(error_of([&] {
              database->run(Access::kWrite, [](Transaction& t) {
                t.exec("INSERT INTO things VALUES (:p1)", {"\xff\xfe"});
              });
            }),
            Errc::kBadData);
}

TEST(Mysql, TlsIsUsedWithACertificateAuthorityAndAWrongOneIsRefused) {
  MariadbServer own({.tls = true});
  const std::string url = own.make_database();
  const auto secure = open(url + "?ssl_ca=" + own.certificates().ca.string());
  secure->run(Access::kRead, [](Transaction& t) {
    EXPECT_NE(t.query("SHOW STATUS LIKE 'Ssl_cipher'").at(0).text(1), "");
  });
  const support::TempFolder elsewhere;
  const auto others = support::make_certificates(elsewhere.path());
  const auto wrong = open(url + "?ssl_ca=" + others.ca.string());
  EXPECT_EQ(error_of([&] { wrong->run(Access::kRead, look); }), Errc::kUnreachable);
}

TEST(Mysql, TheModeIsWhatWasAskedForAndAlwaysStrict) {
  const auto mode = [](const std::string& asked) {
    Database database(base::system_env(), server().make_database(), {.mysql_mode = asked});
    std::string value;
    database.run(Access::kRead,
                 [&](Transaction& t) { value = t.query("SELECT @@SESSION.sql_mode")[0].text(0); });
    return value;
  };
  EXPECT_EQ(mode(""), "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION");
  EXPECT_EQ(mode("ANSI_QUOTES"), "ANSI_QUOTES,STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION");
  EXPECT_NE(mode("TRADITIONAL").find("STRICT_ALL_TABLES"), std::string::npos);
}

TEST(Mysql, WaitsForTheClustersWritesWhenAskedTo) {
  Database database(base::system_env(), server().make_database(), {.wsrep_sync_wait = 7});
  std::string value;
  database.run(Access::kRead, [&](Transaction& t) {
    value = t.query("SELECT @@SESSION.wsrep_sync_wait")[0].text(0);
  });
  EXPECT_EQ(value, "7");
}

}  // namespace
}  // namespace sql
