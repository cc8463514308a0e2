// An Ironic that refuses, is busy and drops connections.
#include "tests/e2e/support/standalone_deployment.h"

#include <boost/json.hpp>
#include <fstream>

namespace e2e {
namespace {

class Trouble : public StandaloneDeployment {
 protected:
  /// An operator's way: what was refused for now is asked again.
  bool started(int node) {
    return eventually([&] { return api().start(node).status == 202; });
  }
  Config patient() const {
    return config()
        .set("ironic", "status_code_retries", "30")
        .set("ironic", "status_code_retry_delay", "0.1");
  }
};

constexpr int kMachines = 8;

TEST_F(Trouble, NodesThatAreLockedNowAndThenAllFinish) {
  start(patient());
  begin_machines({.count = kMachines, .trouble = {"--conflict", "0.3", "--busy", "0.2"}});
  for (int i = 0; i < kMachines; ++i)
    EXPECT_TRUE(started(i));
  EXPECT_TRUE(all_become(api(), kMachines, "finished")) << api().states(kMachines);
}

TEST_F(Trouble, AnswersThatGetLostAreMadeUpFor) {
  start(patient());
  begin_machines({.count = kMachines, .trouble = {"--fail", "0.2"}});
  for (int i = 0; i < kMachines; ++i)
    EXPECT_TRUE(started(i));
  EXPECT_TRUE(all_become(api(), kMachines, "finished")) << api().states(kMachines);
}

/// How often each change was made.
std::map<std::string, int> changes(const std::filesystem::path& request_log) {
  std::map<std::string, int> count;
  std::ifstream in(request_log);
  for (std::string line; std::getline(in, line);) {
    const boost::json::value one = boost::json::parse(line);
    const std::string method(one.at("method").as_string());
    if (method == "GET" || one.at("status").to_number<int>() >= 300) continue;
    ++count[method + " " + std::string(one.at("target").as_string()) + " " +
            boost::json::serialize(one.at("body"))];
  }
  return count;
}

TEST_F(Trouble, NothingIsSentTwiceThatWasAnswered) {
  const std::filesystem::path requests = folder_.path() / "requests";
  start(patient());
  begin_machines({.count = 4, .trouble = {"--conflict", "0.3", "--request-log", requests}});
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(started(i));
  ASSERT_TRUE(all_become(api(), 4, "finished")) << api().states(4);
  for (const auto& [what, times] : changes(requests))
    EXPECT_EQ(times, 1) << what;
}

}  // namespace
}  // namespace e2e
