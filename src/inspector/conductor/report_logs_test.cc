// The ramdisk's logs of a report: when they are written, and under which name.
#include "inspector/conductor/testing/world.h"
#include "inspector/processing/testing/report.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

namespace inspector {
namespace {

namespace json = boost::json;

using testing::World;
using testing::WorldOptions;
using Names = std::vector<std::string>;

class ReportLogs : public ::testing::Test {
 protected:
  ReportLogs() {
    std::string pattern = (std::filesystem::temp_directory_path() / "logs-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    options_.processing.ramdisk_logs_dir = folder_;
    options_.processing.ramdisk_logs_filename_format = "{uuid} {bmc} {mac}";
    report_["logs"] = "aGVsbG8=";
  }
  ~ReportLogs() override { std::filesystem::remove_all(folder_); }

  /// The files that are there after a report for a node that waits (`started`) or for none.
  Names after_report(bool started) {
    sim::SimEnv env(7);
    env.run([&] {
      World world(env, options_);
      if (started) world.start();
      world.rest();
      try {
        world.conductor().process(report_, world.call());
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::kBadRequest) << error.what();
      }
      world.rest();
    });
    Names names;
    for (const auto& each : std::filesystem::directory_iterator(folder_))
      names.push_back(each.path().filename());
    return names;
  }

  std::string folder_;
  WorldOptions options_;
  json::object report_ = testing::report();
};

TEST_F(ReportLogs, OfAReportThatSucceededAreKeptOnlyWhenAskedFor) {
  EXPECT_EQ(after_report(true), Names{});
  options_.processing.always_store_ramdisk_logs = true;
  EXPECT_EQ(after_report(true), Names{std::string(testing::kUuid) + " 192.0.2.17 5254008a1001"});
}

TEST_F(ReportLogs, OfAReportThatFailedAreKept) {
  report_["error"] = "no disk";
  EXPECT_EQ(after_report(true), Names{std::string(testing::kUuid) + " 192.0.2.17 5254008a1001"});
}

TEST_F(ReportLogs, WhatIsNotKnownIsUnknown) {
  report_["boot_interface"] = nullptr;
  report_["inventory"].as_object()["bmc_address"] = "0.0.0.0";
  EXPECT_EQ(after_report(false), Names{"unknown unknown unknown"});
}

TEST_F(ReportLogs, ValuesOfTheWrongKindDoNotKeepThemFromBeingWritten) {
  report_["boot_interface"] = json::array{1};
  report_["inventory"].as_object()["bmc_address"] = 5;
  EXPECT_EQ(after_report(false), Names{"unknown unknown unknown"});
}

}  // namespace
}  // namespace inspector
