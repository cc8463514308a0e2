#include "inspector/config/log.h"

#include "base/ini.h"
#include "inspector/config/command_line.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

base::LogOptions read(const std::string& text, const CommandLine& line = {}) {
  base::Ini ini;
  ini.read_text("[DEFAULT]\n" + text, "test.conf");
  return read_log(ini, line, "ironic-inspector");
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const base::ConfigError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(LogOptions, WithoutAnyTheLogGoesToStderrAsPythonsDoes) {
  const base::LogOptions options = read("");
  EXPECT_EQ(options.file, "");
  EXPECT_EQ(options.syslog, std::nullopt);
  EXPECT_FALSE(options.journal);
  EXPECT_EQ(options.format, base::kLogFormat);
  EXPECT_EQ(options.rotation, base::LogOptions::Rotation::kNone);
  EXPECT_EQ(options.identifier, "ironic-inspector");
}

TEST(LogOptions, EveryPlaceAndFormOfOsloIsTaken) {
  const base::LogOptions options = read(
      "log_dir = /var/log\nlog_file = x.log\nuse_stderr = true\nuse_journal = true\n"
      "use_syslog = true\nsyslog_log_facility = LOG_LOCAL3\n"
      "logging_default_format_string = %(levelname)s %(message)s\nlog_date_format = %H\n"
      "log_rotation_type = Interval\nlog_rotate_interval = 2\n"
      "log_rotate_interval_type = Hours\nmax_logfile_count = 7\n"
      "default_log_levels = http=WARN,tooz=DEBUG,sql=25\n"
      "rate_limit_interval = 5\nrate_limit_burst = 6\nrate_limit_except_level = error\n");
  EXPECT_EQ(options.file, "/var/log/x.log");
  EXPECT_TRUE(options.to_stderr);
  EXPECT_TRUE(options.journal);
  EXPECT_EQ(options.syslog, "LOG_LOCAL3");
  EXPECT_EQ(options.format, "%(levelname)s %(message)s");
  EXPECT_EQ(options.date_format, "%H");
  EXPECT_EQ(options.rotation, base::LogOptions::Rotation::kInterval);
  EXPECT_EQ(options.rotate_every, std::chrono::hours(2));
  EXPECT_EQ(options.rotated_files, 7U);
  ASSERT_EQ(options.levels.size(), 4U);  // the last is that of SQL statements
  EXPECT_EQ(options.levels[0], std::pair(std::string("http"), base::LogLevel::kWarning));
  EXPECT_EQ(options.levels[2], std::pair(std::string("sql"), base::LogLevel::kWarning));
  EXPECT_EQ(options.limit_burst, 6U);
  EXPECT_EQ(options.limit_except, base::LogLevel::kError);
}

TEST(LogOptions, AWeekdayIsGivenAsTheInterval) {
  const std::string weekly = "log_rotation_type = interval\nlog_rotate_interval_type = Weekday\n";
  EXPECT_EQ(read(weekly).rotate_weekday, 1);  // upstream's default interval: Tuesday
  EXPECT_EQ(read(weekly + "log_rotate_interval = 0").rotate_weekday, 0);
  EXPECT_EQ(read("log_rotation_type = interval").rotate_weekday, std::nullopt);
}

TEST(LogOptions, StatementsOfSqlAreShownWhenTheDatabaseIsDebugged) {
  const auto level = [](const std::string& text) { return read(text).levels.back().second; };
  EXPECT_EQ(level(""), base::LogLevel::kWarning);
  EXPECT_EQ(level("[database]\nconnection_debug = 49"), base::LogLevel::kWarning);
  EXPECT_EQ(level("[database]\nconnection_debug = 50"), base::LogLevel::kDebug);
  EXPECT_EQ(level("sql_connection_debug = 100"), base::LogLevel::kDebug);
}

TEST(LogOptions, AWatchedFileIsNotRotated) {
  EXPECT_EQ(read("log_rotation_type = size\nwatch_log_file = true").rotation,
            base::LogOptions::Rotation::kNone);
}

TEST(LogOptions, TheFormsOfLinesAreTaken) {
  const base::LogOptions options = read(
      "logging_context_format_string = c\nlogging_debug_format_suffix = d\n"
      "logging_exception_prefix = e\nlogging_user_identity_format = u\n"
      "instance_format = i\ninstance_uuid_format = iu\n");
  EXPECT_EQ(options.context_format, "c");
  EXPECT_EQ(options.debug_suffix, "d");
  EXPECT_EQ(options.exception_prefix, "e");
  EXPECT_EQ(options.user_identity_format, "u");
  EXPECT_EQ(options.instance_format, "i");
  EXPECT_EQ(options.instance_uuid_format, "iu");
  EXPECT_EQ(read("").context_format, base::kLogContextFormat);
}

TEST(LogOptions, TheCommandLineIsStrongerThanTheFiles) {
  CommandLine line;
  line.use_syslog = true;
  line.syslog_facility = "daemon";
  line.date_format = "%S";
  const base::LogOptions options = read("use_syslog = false\nlog_date_format = %H\n", line);
  EXPECT_EQ(options.syslog, "daemon");
  EXPECT_EQ(options.date_format, "%S");
}

TEST(LogOptions, WhatCannotBeDoneIsRefusedByName) {
  EXPECT_EQ(refusal("log_config_append = /no/such.conf").find("Error loading logging config /no/"),
            0U);
  EXPECT_NE(refusal("use_eventlog = true").find("Windows Event Log is not available"),
            std::string::npos);
  EXPECT_NE(refusal("default_log_levels = http").find("'http' is not of the form name=LEVEL"),
            std::string::npos);
  EXPECT_NE(refusal("rate_limit_except_level = loud").find("rate_limit_except_level"),
            std::string::npos);
  EXPECT_NE(refusal("log_rotation_type = interval\nlog_rotate_interval_type = weekday\n"
                    "log_rotate_interval = 7")
                .find("log_rotate_interval"),
            std::string::npos);
}

}  // namespace
}  // namespace inspector
