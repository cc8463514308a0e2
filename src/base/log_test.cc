#include "base/env.h"
#include "base/log_options.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/log_format.h"
#include "base/log_json.h"

namespace base {
namespace {

using Fields = std::vector<LogField>;

std::string message_text(std::string_view text, const Fields& fields, LogSubject subject = {}) {
  LogRecord record{.text = text, .fields = fields};
  if (!subject.uuid.empty() || !subject.mac.empty())
    record.subject = std::make_shared<const LogSubject>(std::move(subject));
  return base::message_text(record);
}

std::string json_line(LogLevel level, std::string_view text, const Fields& fields) {
  return base::json_line({.level = level, .source = "c", .text = text, .fields = fields}, "%Y");
}

TEST(LogLine, TextIsFollowedByTheFields) {
  const Fields fields{{"place", "a b"}, {"tries", 3}, {"ok", true}, {"none", ""}, {"q", "x\"\\ y"}};
  EXPECT_EQ(message_text("lease lost", fields),
            R"(lease lost place="a b" tries=3 ok=true none="" q="x\"\\ y")");
}

TEST(LogLine, NothingInATextStartsASecondLine) {
  const Fields fields{{"value", "1\n2\r"}};
  EXPECT_EQ(message_text("a\nERROR forged\x1b[0m", fields),
            R"(a\nERROR forged\x1b[0m value=1\n2\x0d)");
}

TEST(LogLine, TheNodeThatItIsAboutStandsInFront) {
  EXPECT_EQ(message_text("powered on", {{"node", "u"}, {"tries", 1}}),
            "[node: u] powered on tries=1");
  EXPECT_EQ(message_text("t", {{"node", "u"}, {"state", "waiting"}}), "[node: u state waiting] t");
  EXPECT_EQ(message_text("t", {}, {.uuid = "u", .state = "s", .mac = "m", .bmc = "b"}),
            "[node: u state s MAC m BMC b] t");
  EXPECT_EQ(message_text("t", {{"node", "u"}}, {.mac = "m"}), "[node: u MAC m] t");
  EXPECT_EQ(message_text("t", {{"node", "other"}}, {.uuid = "u", .mac = "m"}), "[node: other] t");
  EXPECT_EQ(message_text("t", {{"state", "s"}}), "t state=s");
  EXPECT_EQ(message_text("t", {{"node", ""}, {"n", 1}}), "t n=1");
}

TEST(LogLine, OneOfAReportOfNobodyKnownSaysSo) {
  const LogRecord record{.text = "t", .subject = std::make_shared<const LogSubject>()};
  EXPECT_EQ(base::message_text(record), "[unidentified node] t");
}

TEST(LogLine, JsonEscapesAndKeepsNumbers) {
  const Fields fields{{"n", -2}, {"ok", false}, {"text", "say \"hi\"\n\x01"}};
  const std::string line = json_line(LogLevel::kInfo, "\\", fields);
  EXPECT_NE(line.find(R"({"message": "\\", "asctime": "1970", "name": "c", "msg": "\\", )"
                      R"("args": [], "levelname": "INFO", "levelno": 20, )"),
            std::string::npos)
      << line;
  EXPECT_TRUE(line.ends_with(R"("context": {}, )"
                             R"("extra": {"n": -2, "ok": false, "text": "say \"hi\"\n\u0001"}})"))
      << line;
}

TEST(LogLine, JsonReplacesWhatIsNotUtf8) {
  const Fields none;
  const auto message = [&](std::string_view text) {
    const std::string line = json_line(LogLevel::kDebug, text, none);
    const std::size_t at = line.find(R"("msg": ")") + 8;
    return line.substr(at, line.find(R"(", "args")") - at);
  };
  EXPECT_EQ(message("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
            "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(message("\xff"), "\\ufffd");
  EXPECT_EQ(message("a\xc3"), "a\\ufffd");                                 // cut off
  EXPECT_EQ(message("\xc0\x80"), "\\ufffd\\ufffd");                        // overlong
  EXPECT_EQ(message("\xed\xa0\x80"), "\\ufffd\\ufffd\\ufffd");             // surrogate
  EXPECT_EQ(message("\xf4\x90\x80\x80"), "\\ufffd\\ufffd\\ufffd\\ufffd");  // beyond U+10FFFF
}

TEST(LogLine, JsonWritesNumbersThatJsonDoesNotKnowAsText) {
  const Fields fields{{"x", std::numeric_limits<double>::quiet_NaN()}};
  const std::string line = json_line(LogLevel::kDebug, "", fields);
  EXPECT_TRUE(std::regex_search(line, std::regex(R"("x": "-?nan"\})"))) << line;
}

class LogFile : public ::testing::Test {
 protected:
  LogFile() { std::filesystem::remove(file_); }
  ~LogFile() override {
    configure_log({});
    std::filesystem::remove(file_);
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);)
      all.push_back(line);
    return all;
  }

  const std::string file_ = ::testing::TempDir() + "log_test." + std::to_string(getpid()) + ".log";
};

TEST_F(LogFile, ALineIsThereAsSoonAsItIsWritten) {
  configure_log({.file = file_});
  log_info("c", "one", {{"a", 1}});
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_TRUE(std::regex_match(
      lines()[0], std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \d+ INFO c \[-\] one a=1)")))
      << lines()[0];
}

TEST_F(LogFile, DebugLinesOnlyWhenAskedFor) {
  configure_log({.file = file_});
  log_debug("c", "hidden");
  configure_log({.debug = true, .file = file_});
  log_debug("c", "shown");
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find("DEBUG c [-] shown"), std::string::npos);
}

TEST_F(LogFile, JsonIsOneObjectALine) {
  configure_log({.json = true, .file = file_});
  log_error("c", "{%v} {}", {{"a", "b"}});
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_TRUE(std::regex_search(
      lines()[0],
      std::regex(
          R"("message": "\{%v\} \{\}", "asctime": "\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", )"
          R"("name": "c", .*"filename": "log_test.cc", "module": "log_test", "lineno": \d+)")))
      << lines()[0];
}

TEST_F(LogFile, AFileThatCannotBeOpenedIsNamedAndTheOldOneStays) {
  configure_log({.file = file_});
  try {
    configure_log({.file = "/proc/no/such.log"});
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("/proc/no/such.log"), std::string::npos) << e.what();
  }
  log_info("c", "still here");
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(LogFile, ALineLooksAsPythonsFormatSays) {
  configure_log(
      {.file = file_,
       .format = "%(levelname)-8s|%(name)10s|%(msecs)03d|%(levelno)d|%% %(request_id)s>%(message)s",
       .date_format = "%Y"});
  log_warning("tooz", "text", {{"a", 1}});
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_TRUE(
      std::regex_match(lines()[0], std::regex(R"(WARNING \|      tooz\|\d{3}\|30\|% >text a=1)")))
      << lines()[0];
}

TEST(LogFormatText, WhatIsMalformedIsRefused) {
  for (const char* bad : {"100%", "%(name", "%(name)", "%(name)9999999999d", "%x"})
    EXPECT_THROW(LogFormat(bad, "%Y"), std::runtime_error) << bad;
}

TEST_F(LogFile, AFileThatWasMovedAwayIsMadeAgain) {
  configure_log({.file = file_});
  log_info("c", "one");
  std::filesystem::rename(file_, file_ + ".moved");
  const auto until = system_env().after(std::chrono::seconds(10));
  while (!std::filesystem::exists(file_) && system_env().now() < until)
    log_info("c", "two");
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find("two"), std::string::npos);
  std::filesystem::remove(file_ + ".moved");
}

TEST_F(LogFile, AFullFileIsPutAsideAndTheOldestGoes) {
  configure_log({.file = file_,
                 .rotation = LogOptions::Rotation::kSize,
                 .rotate_bytes = 60,
                 .rotated_files = 2});
  for (const char* text : {"one", "two", "three", "four"})
    log_info("c", std::string(text) + std::string(20, '.'));
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find("four"), std::string::npos);
  for (const auto& [suffix, text] : {std::pair(".1", "three"), std::pair(".2", "two")}) {
    std::ifstream in(file_ + suffix);
    std::string line;
    std::getline(in, line);
    EXPECT_NE(line.find(text), std::string::npos) << suffix << line;
    std::filesystem::remove(file_ + suffix);
  }
  EXPECT_FALSE(std::filesystem::exists(file_ + ".3"));
}

TEST_F(LogFile, AFileOfAnEarlierDayIsPutAsideUnderItsDate) {
  std::ofstream(file_) << "old\n";
  const auto yesterday = std::filesystem::file_time_type::clock::now() - std::chrono::hours(30);
  std::filesystem::last_write_time(file_, yesterday);
  configure_log(
      {.file = file_, .rotation = LogOptions::Rotation::kInterval, .rotate_at_midnight = true});
  log_info("c", "new");
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_NE(lines()[0].find("new"), std::string::npos);
  int old = 0;
  for (const auto& entry : std::filesystem::directory_iterator(::testing::TempDir())) {
    if (!entry.path().string().starts_with(file_ + ".2")) continue;
    ++old;
    std::filesystem::remove(entry.path());
  }
  EXPECT_EQ(old, 1);
}

/// A file that was begun so long ago is put aside as soon as a line is written: true.
bool rotates(const std::string& file, std::chrono::hours age, LogOptions options) {
  std::ofstream(file) << "old\n";
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - age);
  options.file = file;
  options.rotation = LogOptions::Rotation::kInterval;
  configure_log(options);
  log_info("c", "new");
  configure_log({});
  bool rotated = false;
  for (const auto& entry : std::filesystem::directory_iterator(::testing::TempDir())) {
    if (!entry.path().string().starts_with(file + ".2")) continue;
    rotated = true;
    std::filesystem::remove(entry.path());
  }
  std::filesystem::remove(file);
  return rotated;
}

TEST_F(LogFile, WithAWeekdayItIsPutAsideAtThatDaysEnd) {
  using std::chrono::hours;
  int within_two_days = 0;
  for (int day = 0; day < 7; ++day) {
    EXPECT_FALSE(rotates(file_, hours(0), {.rotate_weekday = day}));
    EXPECT_TRUE(rotates(file_, hours(24 * 8), {.rotate_weekday = day}));
    within_two_days += rotates(file_, hours(48), {.rotate_weekday = day}) ? 1 : 0;
  }
  EXPECT_EQ(within_two_days, 2);  // two days have ended since then
}

TEST_F(LogFile, LinesOfARequestHaveAFormOfTheirOwn) {
  configure_log({.debug = true,
                 .file = file_,
                 .format = "plain %(request_id)s%(message)s",
                 .context_format = "[%(global_request_id)s %(request_id)s %(user_identity)s "
                                   "%(user_name)s%(nothing)s] %(message)s",
                 .debug_suffix = "at %(filename)s %(funcName)s",
                 .user_identity_format = "%(user)s %(project)s"});
  const auto context = std::make_shared<LogContext>();
  context->set("request_id", "req-1");
  context->set("user", "u1");
  {
    const LogContextScope scope(context);
    log_info("c", "inside");
  }
  log_debug("c", "outside");
  ASSERT_EQ(lines().size(), 2U);
  EXPECT_EQ(lines()[0], "[None req-1 u1 - None] inside");
  EXPECT_EQ(lines()[1], "plain outside at log_test.cc TestBody");
}

TEST_F(LogFile, AnExceptionIsSummedUpAndHasLinesOfItsOwn) {
  configure_log({.file = file_, .format = "%(message)s", .exception_prefix = "%(name)s! "});
  try {
    try {
      throw std::out_of_range("inner\nline");
    } catch (const std::exception&) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (const std::exception& e) {
    log_error("c", "failed", {exception_field(e), {"n", 1}});
    log_info("c", "only told", {exception_field(std::runtime_error("x"))});
  }
  ASSERT_EQ(lines().size(), 6U);
  EXPECT_NE(lines()[0].find("failed n=1: "), std::string::npos) << lines()[0];
  EXPECT_TRUE(lines()[0].ends_with("outer")) << lines()[0];
  EXPECT_TRUE(lines()[1].starts_with("c! ") && lines()[1].ends_with(": outer")) << lines()[1];
  EXPECT_EQ(lines()[2], "c! std::out_of_range: inner");
  EXPECT_EQ(lines()[3], "c! line");
  EXPECT_EQ(lines()[4], "only told");
  EXPECT_EQ(lines()[5], "c! std::runtime_error: x");
}

TEST_F(LogFile, AFormMayNameTheNodeAsAnInstance) {
  configure_log({.file = file_,
                 .format = "%(instance)s%(message)s",
                 .instance_format = "<%(uuid)s is %(state)s> ",
                 .instance_uuid_format = "<%(uuid)s> "});
  log_info("c", "one", {{"node", "u"}});
  log_info("c", "two", {{"node", "u"}, {"state", "waiting"}});
  log_info("c", "three");
  ASSERT_EQ(lines().size(), 3U);
  EXPECT_EQ(lines()[0], "<u> [node: u] one");
  EXPECT_EQ(lines()[1], "<u is waiting> [node: u state waiting] two");
  EXPECT_EQ(lines()[2], "three");
}

TEST_F(LogFile, AComponentMayHaveALevelOfItsOwn) {
  configure_log({.file = file_, .levels = {{"http", LogLevel::kError}}});
  log_warning("http.client", "hidden");
  log_warning("https", "shown");
  log_error("http", "shown");
  EXPECT_EQ(lines().size(), 2U);
}

TEST_F(LogFile, AComponentMaySayMoreThanTheOthers) {
  configure_log({.file = file_, .levels = {{"tooz", LogLevel::kDebug}}});
  log_debug("tooz.lock", "shown");
  log_debug("http", "hidden");
  EXPECT_EQ(lines().size(), 1U);
  configure_log({.file = file_, .levels = {{"ironic_inspector", LogLevel::kError}}});
  log_warning("http", "hidden");  // all of them are the service's
  EXPECT_EQ(lines().size(), 1U);
}

LogHandler handler(const std::string& file, const std::string& format, LogLevel least) {
  LogHandler made{.least = least};
  made.place.file = file;
  made.place.format = format;
  return made;
}

TEST_F(LogFile, LoggersSendToTheirHandlersAndThoseAboveThem) {
  LogOptions options;
  options.handlers = {handler(file_, "root %(message)s", LogLevel::kDebug),
                      handler(file_, "api %(message)s", LogLevel::kDebug),
                      handler(file_, "bad %(message)s", LogLevel::kError)};
  options.loggers = {
      {.least = LogLevel::kWarning, .handlers = {0}},
      {.name = "api", .least = LogLevel::kInfo, .handlers = {1}},
      {.name = "api.quiet", .handlers = {2}, .propagate = false},
  };
  configure_log(options);
  log_info("http", "a");
  log_info("api", "b");
  log_warning("api.quiet", "c");
  log_error("api.quiet", "d");
  EXPECT_EQ(lines(), (std::vector<std::string>{"api b", "root b", "bad d"}));
}

TEST_F(LogFile, WithoutADateFormatTimesAreAsPythonHasThem) {
  configure_log({.file = file_, .format = "%(asctime)s", .date_format = ""});
  log_info("c", "x");
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_TRUE(std::regex_match(lines()[0], std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})")));
}

TEST_F(LogFile, BeyondTheRateOnlyWhatIsSevereIsWritten) {
  configure_log({.file = file_, .limit_interval = std::chrono::hours(1), .limit_burst = 2});
  for (int i = 0; i < 5; ++i)
    log_info("c", "often");
  log(LogLevel::kCritical, "c", "severe");
  ASSERT_EQ(lines().size(), 4U);
  EXPECT_NE(lines()[2].find("rate limit"), std::string::npos);
  EXPECT_NE(lines()[3].find("severe"), std::string::npos);
}

TEST_F(LogFile, AnUnknownFacilityIsNamed) {
  try {
    configure_log({.syslog = "LOG_NOWHERE", .identifier = "x"});
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "syslog_log_facility: 'LOG_NOWHERE' is not a syslog facility");
  }
}

}  // namespace
}  // namespace base
