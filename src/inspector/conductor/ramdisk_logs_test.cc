#include "inspector/conductor/ramdisk_logs.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace inspector {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

const base::Env::WallTime kTime = base::Env::WallTime(1'700'000'000s + 42us);

class RamdiskLogs : public testing::Test {
 protected:
  RamdiskLogs() {
    std::string pattern = (fs::temp_directory_path() / "ramdisk-logs-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    options_.directory = (root_ / "logs").string();
  }
  ~RamdiskLogs() override { fs::remove_all(root_); }

  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& each : fs::recursive_directory_iterator(root_))
      count += each.is_regular_file() ? 1 : 0;
    return count;
  }

  fs::path root_;
  RamdiskLogsOptions options_;
};

TEST_F(RamdiskLogs, AreWrittenUnderTheDefaultName) {
  store_ramdisk_logs(options_, "aGVs\nbG8=", {"u-1", "", ""}, kTime);
  std::ifstream file(root_ / "logs" / "u-1_20231114-221320.000042.tar.gz");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), "hello");
}

TEST_F(RamdiskLogs, NothingLeavesTheFolder) {
  for (const char* format : {"../{uuid}", "/tmp/{uuid}", "..", "a/../../b", ""}) {
    options_.filename_format = format;
    store_ramdisk_logs(options_, "aGVsbG8=", {"u", "", ""}, kTime);
  }
  EXPECT_EQ(files(), 0U);
  options_.filename_format = "{bmc}";
  store_ramdisk_logs(options_, "aGVsbG8=", {"u", "../../evil", ""}, kTime);
  EXPECT_TRUE(fs::exists(root_ / "logs" / ".._.._evil"));
}

TEST_F(RamdiskLogs, WhatIsNotBase64IsNotWritten) {
  for (const char* text : {"a", "!!!!", "aGVsbG8", ""})
    store_ramdisk_logs(options_, text, {"u", "", ""}, kTime);
  EXPECT_EQ(files(), 0U);
}

TEST(RamdiskLogName, HasEveryField) {
  EXPECT_EQ(log_file_name("{{{uuid}}}-{bmc}-{mac}-{dt:%Y}", {"u", "1.2.3.4", ""}, kTime),
            "{u}-1.2.3.4-unknown-2023");
}

TEST(RamdiskLogName, UnknownFieldsAreNamed) {
  for (const char* format : {"{host}", "{uuid", "}"})
    EXPECT_THROW(log_file_name(format, {}, kTime), std::invalid_argument) << format;
}

}  // namespace
}  // namespace inspector
