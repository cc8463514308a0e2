#include "sql/time.h"

#include "sql/database.h"

#include <gtest/gtest.h>

namespace sql {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::sys_days;
using namespace std::chrono_literals;

const base::Env::WallTime kMoment =
    sys_days(2026y / 11 / 22) + 11h + 11min + 38s + microseconds(194088);

TEST(SqlTime, IsWrittenAsSqlalchemyWritesIt) {
  EXPECT_EQ(to_text(kMoment), "2026-11-22 11:11:38.194088");
  EXPECT_EQ(to_text(kMoment + nanoseconds(999)), "2026-11-22 11:11:38.194088");
  EXPECT_EQ(to_text(sys_days(2000y / 2 / 29)), "2000-02-29 00:00:00.000000");
  EXPECT_EQ(to_text(sys_days(1970y / 1 / 1) - microseconds(1)), "1969-12-31 23:59:59.999999");
}

TEST(SqlTime, IsReadInEveryFormADatabaseGives) {
  EXPECT_EQ(time_from_text("2026-11-22 11:11:38.194088"), kMoment);
  EXPECT_EQ(time_from_text("2026-11-22T11:11:38.194088000"), kMoment);
  EXPECT_EQ(time_from_text("2026-11-22 11:11:38.19"), kMoment - microseconds(4088));
  EXPECT_EQ(time_from_text("2026-11-22 11:11:38"), kMoment - microseconds(194088));
}

TEST(SqlTime, EverythingElseIsRefused) {
  for (const char* text :
       {"", "now", "infinity", "2026-11-22", "2026-13-01 00:00:00", "2026-02-30 00:00:00",
        "2026-11-22 24:00:00", "2026-11-22 11:60:00", "2026-11-22 11:11:38.",
        "2026-11-22 11:11:38.x", "2026-11-22 11:11:38+00", "-026-11-22 11:11:38",
        "9999-12-31 00:00:00", "2026-11-22 11:11:38.1234567890"}) {
    try {
      time_from_text(text);
      ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Errc::kBadData);
      EXPECT_NE(std::string(e.what()).find(text), std::string::npos);
    }
  }
}

TEST(SqlTime, StoredIsWhatComesBack) {
  EXPECT_EQ(time_from_text(to_text(kMoment + nanoseconds(5))),
            stored(kMoment + nanoseconds(5), Dialect::kSqlite));
}

}  // namespace
}  // namespace sql
