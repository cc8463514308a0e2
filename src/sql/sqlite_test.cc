#include "sql/conformance/database_suite.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <limits>

namespace sql {
namespace {

std::string name_of(const testing::TestParamInfo<DatabaseUnderTest>& info) {
  return info.param.name;
}

std::filesystem::path fresh_file() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string("sql-") + test->test_suite_name() + "-" + test->name() + ".db";
  for (char& c : name)
    if (c == '/') c = '-';
  const auto file = std::filesystem::path(testing::TempDir()) / name;
  for (const char* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(file.string() + suffix);
  return file;
}

std::string url_of(const std::filesystem::path& file) { return "sqlite:///" + file.string(); }

INSTANTIATE_TEST_SUITE_P(Sqlite, DatabaseSuite,
                         testing::Values(DatabaseUnderTest{"memory",
                                                           [](DatabaseOptions options) {
                                                             return std::make_unique<Database>(
                                                                 base::system_env(), "sqlite://",
                                                                 options);
                                                           }},
                                         DatabaseUnderTest{"file",
                                                           [](DatabaseOptions options) {
                                                             return std::make_unique<Database>(
                                                                 base::system_env(),
                                                                 url_of(fresh_file()), options);
                                                           }}),
                         name_of);

TEST(Sqlite, FilesAreDurableAndLetReadersPassWriters) {
  Database database(base::system_env(), url_of(fresh_file()));
  database.run(Access::kWrite, [](Transaction& t) {
    EXPECT_EQ(t.query("PRAGMA journal_mode").at(0).text(0), "wal");
    EXPECT_EQ(t.query("PRAGMA synchronous").at(0).text(0), "2");
    EXPECT_EQ(t.query("PRAGMA foreign_keys").at(0).text(0), "0");
    t.exec("CREATE TABLE things (name TEXT)");
  });
  database.run(Access::kWrite, [&](Transaction& t) {
    t.exec("INSERT INTO things VALUES ('unseen')");
    Database reader(base::system_env(), database.safe_url());
    reader.run(Access::kRead,
               [](Transaction& r) { EXPECT_EQ(r.query("SELECT name FROM things").size(), 0U); });
  });
}

TEST(Sqlite, TwoDatabasesInMemoryHaveNothingInCommon) {
  Database one(base::system_env(), "sqlite://");
  Database other(base::system_env(), "sqlite://");
  one.run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  EXPECT_THROW(other.run(Access::kRead, [](Transaction& t) { t.query("SELECT * FROM things"); }),
               Error);
}

TEST(Sqlite, AFileThatCannotBeOpenedIsUnreachable) {
  Database database(base::system_env(), "sqlite:////nonexistent/folder/file.db");
  try {
    database.run(Access::kRead, [](Transaction& t) { t.query("SELECT 1"); });
    FAIL() << "opened";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Errc::kUnreachable);
  }
}

TEST(Sqlite, NamesOfFilesMayHoldEqualsSignsAndBlanks) {
  const auto folder = fresh_file().string() + " a=b";
  std::filesystem::create_directories(folder);
  const auto file = std::filesystem::path(folder) / "c d=e.db";
  std::filesystem::remove(file);
  Database database(base::system_env(), url_of(file));
  database.run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(Sqlite, AWriterThatIsInsideShutsOutTheNextUntilItsTimeIsUp) {
  DatabaseOptions options;
  options.wait = std::chrono::milliseconds(1);
  Database database(base::system_env(), url_of(fresh_file()), options);
  database.run(Access::kWrite, [&](Transaction&) {
    try {
      database.run(Access::kWrite, [](Transaction&) {});
      FAIL() << "two writers";
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Errc::kUnreachable);
      EXPECT_STREQ(e.what(), "no database connection became free in time");
    }
    database.run(Access::kRead, [](Transaction& t) { t.query("SELECT 1"); });
  });
  database.run(Access::kWrite, [](Transaction&) {});
}

TEST(Sqlite, AConflictIsTriedForItsTimeWithPausesDrawnByChance) {
  const auto tries = [](std::uint64_t seed, int failures) {
    std::vector<base::Env::Duration> at;
    sim::SimEnv env(seed);
    env.run([&] {
      Database database(env, "sqlite://");
      const auto begin = env.now();
      const auto body = [&](Transaction&) {
        at.push_back(env.now() - begin);
        if (std::ssize(at) <= failures) throw Error(Errc::kConflict, "deadlock");
      };
      if (failures == std::numeric_limits<int>::max())
        EXPECT_THROW(database.run(Access::kWrite, body), Error);
      else
        database.run(Access::kWrite, body);
    });
    return at;
  };
  EXPECT_EQ(tries(1, 40).size(), 41U);
  EXPECT_NE(tries(1, 10), tries(2, 10));
  const auto all = tries(3, std::numeric_limits<int>::max());
  EXPECT_GE(all.back(), std::chrono::seconds(10));
  EXPECT_LT(all.back(), std::chrono::seconds(11));
}

TEST(Sqlite, AnotherProcessThatWritesIsWaitedForAndThenGivenUp) {
  DatabaseOptions options;
  options.timeout = std::chrono::milliseconds(50);
  const std::string url = url_of(fresh_file());
  Database database(base::system_env(), url, options);
  Database other(base::system_env(), url, options);  // shares nothing but the file
  const auto insert = [](Transaction& t) { t.exec("INSERT INTO things VALUES ('a')"); };
  database.run(Access::kWrite, [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT)"); });
  database.run(Access::kWrite, [&](Transaction& t) {
    insert(t);
    try {
      other.run(Access::kWrite, insert);
      FAIL() << "two writers";
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Errc::kConflict);
    }
  });
  other.run(Access::kWrite, insert);
  database.run(Access::kRead,
               [](Transaction& t) { EXPECT_EQ(t.query("SELECT name FROM things").size(), 2U); });
}

/// Writers on threads of their own: what one of a shared transaction does wrong is undone alone.
TEST(Sqlite, WritersThatShareAFlushFailAlone) {
  base::Env& env = base::system_env();
  Database database(env, url_of(fresh_file()));
  database.run(Access::kWrite,
               [](Transaction& t) { t.exec("CREATE TABLE things (name TEXT PRIMARY KEY)"); });
  constexpr int kWriters = 8, kEach = 30;
  std::atomic<int> duplicates = 0, thrown = 0;
  std::vector<std::unique_ptr<base::Env::Thread>> writers;
  for (int writer = 0; writer < kWriters; ++writer)
    writers.push_back(env.spawn("writer", [&, writer](const std::stop_token&) {
      for (int i = 0; i < kEach; ++i) {
        const std::string name = std::to_string(writer) + "-" + std::to_string(i);
        try {
          database.run(Access::kWrite, [&](Transaction& t) {
            t.exec("INSERT INTO things VALUES (:p1)", {name});
            if (i % 3 == 1) t.exec("INSERT INTO things VALUES (:p1)", {name});
            if (i % 3 == 2) throw std::runtime_error("not this one");
          });
        } catch (const Error& e) {
          if (e.code == Errc::kDuplicate) ++duplicates;
        } catch (const std::runtime_error&) {
          ++thrown;
        }
      }
    }));
  writers.clear();
  EXPECT_EQ(duplicates, kWriters * kEach / 3);
  EXPECT_EQ(thrown, kWriters * kEach / 3);
  database.run(Access::kRead, [&](Transaction& t) {
    EXPECT_EQ(t.query("SELECT name FROM things").size(), std::size_t{kWriters * kEach / 3});
    EXPECT_TRUE(t.query("SELECT name FROM things WHERE name NOT LIKE '%-0' AND "
                        "CAST(SUBSTR(name, 3) AS INTEGER) % 3 <> 0")
                    .empty());
  });
}

TEST(Sqlite, FlushesUnlessToldNotTo) {
  const auto synchronous = [](bool flush) {
    Database database(base::system_env(), url_of(fresh_file()), {.flush = flush});
    std::int64_t value = -1;
    database.run(Access::kRead, [&](Transaction& t) {
      value = t.query("SELECT synchronous FROM pragma_synchronous()")[0].integer(0);
    });
    return value;
  };
  EXPECT_EQ(synchronous(true), 2);  // FULL
  EXPECT_EQ(synchronous(false), 0);
}

}  // namespace
}  // namespace sql
