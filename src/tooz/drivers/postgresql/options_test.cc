#include "tooz/drivers/postgresql/options.h"

#include "tooz/drivers/postgresql/listener.h"

#include <gtest/gtest.h>

namespace tooz::postgresql {
namespace {

std::string refusal_of(const std::string& url) {
  try {
    options_from(parse_url(url));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kBadUrl);
    return e.what();
  }
  return "";
}

TEST(PostgresqlOptions, AUrlGivesAllThereIs) {
  const Options options = options_from(parse_url(
      "postgresql://joe:se%40cret@a,b:5433/data?timeout=2&sslmode=verify-full&sslrootcert=/ca"
      "&sslcert=/c&sslkey=/k&lock_timeout=20"));
  ASSERT_EQ(options.settings.hosts.size(), 2U);
  EXPECT_EQ(options.settings.hosts[0].name, "a");
  EXPECT_EQ(options.settings.hosts[0].port, 5432);
  EXPECT_EQ(options.settings.hosts[1].port, 5433);
  EXPECT_EQ(options.settings.timeout, std::chrono::seconds(2));
  EXPECT_EQ(options.settings.name, "postgresql://joe:***@a,b:5433/data");
  const std::map<std::string, std::string> expected{{"application_name", "tooz"},
                                                    {"user", "joe"},
                                                    {"password", "se@cret"},
                                                    {"dbname", "data"},
                                                    {"sslmode", "verify-full"},
                                                    {"sslcert", "/c"},
                                                    {"sslkey", "/k"},
                                                    {"sslrootcert", "/ca"}};
  EXPECT_EQ(options.parameters, expected);
}

TEST(PostgresqlOptions, TheOptionsHostPortAndDbnameWinAsInPython) {
  const Options options =
      options_from(parse_url("postgresql://u@a:1/x?host=/run/postgresql&port=6000&dbname=other"));
  ASSERT_EQ(options.settings.hosts.size(), 1U);
  EXPECT_EQ(options.settings.hosts[0].name, "/run/postgresql");
  EXPECT_EQ(options.settings.hosts[0].port, 6000);
  EXPECT_EQ(options.parameters.at("dbname"), "other");
}

TEST(PostgresqlOptions, WhatCannotBeUsedIsNamed) {
  EXPECT_NE(refusal_of("postgresql://h/d?colour=red").find("`colour`"), std::string::npos);
  EXPECT_NE(refusal_of("postgresql://h/d?sslmode=yes").find("`sslmode` = `yes`"),
            std::string::npos);
  EXPECT_NE(refusal_of("postgresql://h/d?sslcert=/c").find("`sslkey`"), std::string::npos);
  for (const char* port : {"0", "65536", "12x", "99999999999999999999"})
    EXPECT_NE(refusal_of(std::string("postgresql://h/d?port=") + port).find("`port`"),
              std::string::npos);
  EXPECT_NE(refusal_of("postgresql://h/d?timeout=never").find("`timeout`"), std::string::npos);
  EXPECT_NE(refusal_of("postgresql://:secret@h/d").find("user"), std::string::npos);
  EXPECT_EQ(refusal_of("postgresql://:secret@h/d").find("secret"), std::string::npos);
}

TEST(PostgresqlAnnouncement, IsARevisionAndAKeyInHex) {
  const auto change = parse_announcement("17 6b00ff");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->revision, 17);
  EXPECT_EQ(change->key, std::string("k\0\xff", 3));
  EXPECT_EQ(parse_announcement("17 ")->key, "");
  for (const char* other : {"", "17", "x 6b", "17 6", "17 6g", "17  6b", "99999999999999999999 6b"})
    EXPECT_FALSE(parse_announcement(other)) << other;
}

}  // namespace
}  // namespace tooz::postgresql
