#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/log_line.h"

namespace base {
namespace {

using Fields = std::vector<LogField>;

TEST(LogLine, TextHasLevelComponentAndFields) {
  const Fields fields{{"node", "a b"}, {"tries", 3}, {"ok", true}, {"none", ""}, {"q", "x\"\\ y"}};
  EXPECT_EQ(text_line(LogLevel::kWarning, "tooz.lock", "lease lost", fields),
            R"(WARNING tooz.lock [-] lease lost node="a b" tries=3 ok=true none="" q="x\"\\ y")");
}

TEST(LogLine, NothingInATextStartsASecondLine) {
  const Fields fields{{"value", "1\n2\r"}};
  EXPECT_EQ(text_line(LogLevel::kError, "c", "a\nERROR forged\x1b[0m", fields),
            R"(ERROR c [-] a\nERROR forged\x1b[0m value=1\n2\x0d)");
}

TEST(LogLine, JsonEscapesAndKeepsNumbers) {
  const Fields fields{{"n", -2}, {"ok", false}, {"text", "say \"hi\"\n\x01"}};
  EXPECT_EQ(json_line(LogLevel::kInfo, "c", "\\", fields),
            R"("level":"INFO","component":"c","message":"\\",)"
            R"("fields":{"n":-2,"ok":false,"text":"say \"hi\"\n\u0001"})");
}

TEST(LogLine, JsonReplacesWhatIsNotUtf8) {
  const Fields none;
  const auto message = [&](std::string_view text) {
    const std::string line = json_line(LogLevel::kDebug, "c", text, none);
    const std::size_t at = line.find(R"("message":")") + 11;
    return line.substr(at, line.size() - at - 1);
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
  const std::string line = json_line(LogLevel::kDebug, "c", "", fields);
  EXPECT_TRUE(std::regex_search(line, std::regex(R"("x":"-?nan"\})"))) << line;
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
  EXPECT_TRUE(std::regex_match(
      lines()[0], std::regex(R"(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d",)"
                             R"("pid":\d+,"level":"ERROR","component":"c",)"
                             R"("message":"\{%v\} \{\}","fields":\{"a":"b"\}\})")))
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

}  // namespace
}  // namespace base
