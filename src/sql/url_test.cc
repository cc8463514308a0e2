#include "sql/url.h"

#include <gtest/gtest.h>

namespace sql {
namespace {

TEST(DatabaseUrl, SqliteHasThreeForms) {
  EXPECT_TRUE(parse_url("sqlite://").in_memory());
  EXPECT_TRUE(parse_url("sqlite:///:memory:").in_memory());
  EXPECT_EQ(parse_url("sqlite:///relative/file.db").database, "relative/file.db");
  EXPECT_EQ(parse_url("sqlite:////var/lib/file.db").database, "/var/lib/file.db");
}

TEST(DatabaseUrl, PostgresqlPartsAreTakenApartAndUnescaped) {
  const Url url = parse_url(
      "postgresql+psycopg2://us%40er:p%3A%2f%25w@db.example:5433/inspector?sslmode=require"
      "&application_name=a%20b");
  EXPECT_EQ(url.dialect, Dialect::kPostgresql);
  EXPECT_EQ(url.user, "us@er");
  EXPECT_EQ(url.password, "p:/%w");
  EXPECT_EQ(url.host, "db.example");
  EXPECT_EQ(url.port, "5433");
  EXPECT_EQ(url.database, "inspector");
  ASSERT_EQ(url.options.size(), 2U);
  EXPECT_EQ(url.options[0], std::pair(std::string("sslmode"), std::string("require")));
  EXPECT_EQ(url.options[1].second, "a b");
}

TEST(DatabaseUrl, RawPasswordMayHoldSlashQuestionAndColon) {
  const Url url = parse_url("postgresql://u:a/b?c:d@host/db");
  EXPECT_EQ(url.password, "a/b?c:d");
  EXPECT_EQ(url.host, "host");
}

TEST(DatabaseUrl, Ipv6HostStandsInBrackets) {
  const Url url = parse_url("postgresql://u@[::1]:5432/db");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, "5432");
  EXPECT_EQ(url.safe(), "postgresql://u@[::1]:5432/db");
}

TEST(DatabaseUrl, UnixSocketIsAnOption) {
  const Url url = parse_url("postgresql://u@/db?host=/run/postgresql");
  EXPECT_EQ(url.host, "");
  EXPECT_EQ(url.options[0].second, "/run/postgresql");
}

struct Bad {
  const char* url;
  const char* text;
};

class BadUrl : public testing::TestWithParam<Bad> {};

TEST_P(BadUrl, IsRefusedByWhatIsWrongAndNeverShowsThePassword) {
  try {
    parse_url(GetParam().url);
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Errc::kBadUrl);
    EXPECT_EQ(std::string(e.what()), std::string("database URL: ") + GetParam().text);
    EXPECT_EQ(std::string(e.what()).find("secret"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadUrl,
    testing::Values(
        Bad{"", "it has no scheme, as in sqlite:///file"},
        Bad{"/var/lib/file.db", "it has no scheme, as in sqlite:///file"},
        Bad{"oracle://u:secret@h/db",
            "'oracle' is not a database this build can use: sqlite, postgresql or mysql"},
        Bad{"sqlite://file.db",
            "sqlite knows no host; a file is sqlite:///relative or sqlite:////absolute"},
        Bad{"postgresql://u:secret%4@h/db", "the password has a bad percent escape"},
        Bad{"postgresql://u:secret%00@h/db", "the password has a bad percent escape"},
        Bad{"postgresql://u:secret@h:port/db", "the port is not a number from 1 to 65535"},
        Bad{"postgresql://u:secret@h:70000/db", "the port is not a number from 1 to 65535"},
        Bad{"postgresql://u:secret@[::1/db", "the host has no closing bracket"},
        Bad{"postgresql://u:secret@[::1]x/db", "the host is followed by neither : nor /"},
        Bad{"postgresql://u:secret@h", "it names no database"},
        Bad{"postgresql://u:secret@h/db?sslmode", "an option is not of the form name=value"}));

TEST(DatabaseUrl, UnknownOptionsAreRefusedByName) {
  base::Env& env = base::system_env();
  try {
    const Database database(env, "postgresql://u:secret@h/db?charset=utf8");
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "database URL: PostgreSQL takes no option 'charset' here");
  }
  try {
    const Database database(env, "sqlite:///file?timeout=3");
    FAIL() << "accepted";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "database URL: SQLite takes no option 'timeout'");
  }
}

TEST(DatabaseUrl, SafeFormHasNoPassword) {
  const Database database(base::system_env(), "postgresql://u:secret@h:5432/db?sslpassword=secret");
  EXPECT_EQ(database.safe_url(), "postgresql://u@h:5432/db");
}

}  // namespace
}  // namespace sql
