#pragma once
#include "tests/e2e/support/api.h"
#include "tests/e2e/support/config.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

using support::eventually;
using support::Process;
using Words = std::vector<std::string>;
using Running = std::unique_ptr<Process>;

inline constexpr seconds kSoon{30};  ///< what should be there at once, on a machine that is busy

std::string program(const std::string& name);  ///< its path

/// What a program that ends by itself left: its exit code (-1: it went on) and all it wrote.
struct Ended {
  int code = 0;
  std::string output;
};
Ended ended(const Words& arguments);

/// A simulated Ironic with its machines, and one folder for all files. What a deployment shares.
/// What cannot be started is a std::runtime_error, which ends the test.
class Deployment : public testing::Test {
 protected:
  Deployment();
  void TearDown() override;  ///< a test that failed shows every log

  struct Machines {
    int count = 3;
    std::string boot_time = "300ms";
    Words trouble;  ///< more arguments of ironic-sim
  };
  /// Starts ironic-sim, whose machines post to `inspector`, and waits until it answers.
  void start_ironic(const Machines& machines, const std::string& inspector);
  void stop_ironic() { ironic_.reset(); }
  const Api& ironic() const { return ironic_api_; }
  boost::json::value ironic_node(int i) const;
  boost::json::array ironic_ports(int i) const;

  /// What every inspector of the deployment needs to run against this Ironic.
  Config common(const std::string& database) const;
  /// Writes `name`.conf.
  std::filesystem::path write(const std::string& name, const Config& config) const;
  void upgrade_database(const Config& config) const;
  /// In the background, its output in `name`.log. A restart appends.
  Running run(const std::string& name, Words arguments) const;
  std::string log(const std::string& name) const;

  /// Whether each node is in `state` within `timeout`.
  static bool all_become(const Api& api, int count, std::string_view state,
                         seconds timeout = seconds(60));

  base::Env::TimePoint now() const { return base::system_env().now(); }
  milliseconds since(base::Env::TimePoint begin) const {
    return std::chrono::duration_cast<milliseconds>(now() - begin);
  }
  /// Shows a figure in the test's output.
  void note(const std::string& what, milliseconds took) const;

  support::TempFolder folder_;

 private:
  std::uint16_t ironic_port_;
  Api ironic_api_;
  Running ironic_;
};

}  // namespace e2e
