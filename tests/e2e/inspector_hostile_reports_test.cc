// A corpus of reports that no ramdisk sends, to a running service with every hook: each is refused
// with a clear 4xx or processed, in bounded time and memory.
#include "tests/e2e/support/hostile_reports.h"
#include "tests/e2e/support/standalone_deployment.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace e2e {
namespace {

constexpr int kLargestMegabytes = 700;  // resident, of a debug build, with bodies up to 8 MB
// All but raid_device, which would take the first serial number that is not like the others for
// that of the root device, and so make every report after that end there.
constexpr const char* kHooks =
    "$default_processing_hooks,accelerators,example,extra_hardware,lldp_basic,"
    "local_link_connection,physnet_cidr_map";

class HostileReports : public StandaloneDeployment {
 protected:
  HostileReports() {
    start(config()
              .set("processing", "processing_hooks", kHooks)
              .set("processing", "ramdisk_logs_dir", logs().string())
              .set("processing", "ramdisk_logs_filename_format", "{bmc}_{mac}_{uuid}")
              .set("processing", "always_store_ramdisk_logs", "True")
              .set("port_physnet", "cidr_map", "172.22.0.0/16:provisioning")
              .set("capabilities", "boot_mode", "True")
              .set("pci_devices", "alias",
                   R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})"));
    begin_machines({.count = 1});
    EXPECT_EQ(api().start(0).status, 202);
    EXPECT_TRUE(api().becomes(0, "finished")) << api().states(1);
    report_ = api().get(Api::of_node(0) + "/data/unprocessed").json().as_object();
  }

  /// Posts it for a node that waits for it.
  void expect_refused_or_processed(const HostileReport& hostile) {
    ASSERT_EQ(api().ask("POST", Api::of_node(0) + "?manage_boot=False").status, 202)
        << hostile.what << ": " << api().states(1);
    const Answer answer = api().ask("POST", "/v1/continue", hostile.body);
    EXPECT_LT(answer.took, seconds(20)) << hostile.what;
    if (answer.status != 200) {
      EXPECT_TRUE(answer.status >= 400 && answer.status < 500)
          << hostile.what << ": " << answer.text().substr(0, 300);
      EXPECT_TRUE(answer.json().is_object() && answer.json().as_object().contains("error"))
          << hostile.what << ": " << answer.text().substr(0, 300);
    } else {
      EXPECT_TRUE(api().becomes(0, "finished")) << hostile.what << ": " << api().states(1);
    }
  }

  std::filesystem::path logs() const { return folder_.path() / "logs"; }

  /// The most that the service has had resident.
  int peak_megabytes() {
    std::ifstream status("/proc/" + std::to_string(inspector().pid()) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::stoi(line.substr(6)) / 1024;
    return -1;
  }

  void expect_well() {
    EXPECT_EQ(log("inspector").find(" status=500"), std::string::npos);
    const int peak = peak_megabytes();
    EXPECT_GT(peak, 0);
    EXPECT_LT(peak, kLargestMegabytes);
    std::cout << "  peak: " << peak << " MB resident\n";
    expect_refused_or_processed({"the report itself", boost::json::serialize(report_)});
    EXPECT_EQ(api().state(0), "finished");
  }

  boost::json::object report_;
};

TEST_F(HostileReports, WrongTypesAtEveryLevel) {
  const auto corpus = with_wrong_types(report_, std::getenv("TOOZ_NIGHTLY") != nullptr);
  EXPECT_GT(corpus.size(), 40U);
  for (const auto& hostile : corpus)
    expect_refused_or_processed(hostile);
  expect_well();
}

TEST_F(HostileReports, TooBigTooDeepTooManyAndWrong) {
  for (const auto& hostile : with_wrong_contents(report_))
    expect_refused_or_processed(hostile);
  expect_well();
}

// What stands in the names of the files comes from the report.
TEST_F(HostileReports, LogsStayInTheirFolder) {
  const auto corpus = with_logs_that_lead_elsewhere(report_);
  for (const auto& hostile : corpus)
    expect_refused_or_processed(hostile);
  expect_well();
  std::size_t stored = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    if (std::string(std::istreambuf_iterator<char>(in), {}) != kHostileLogs) continue;
    EXPECT_EQ(file.path().parent_path(), logs());
    ++stored;
  }
  EXPECT_GT(stored, 0U);
}

}  // namespace
}  // namespace e2e
