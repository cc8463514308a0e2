// The programs in examples/coordination, as somebody tries them out.
#include "tests/paths/paths.h"
#include "tests/support/etcd_server.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <csignal>

namespace {

using support::Process;

constexpr auto kSoon = std::chrono::seconds(60);

class Examples : public testing::TestWithParam<std::string> {
 protected:
  Examples() {
    if (GetParam() == "etcd") etcd_ = std::make_unique<support::EtcdServer>();
    url_ = etcd_ ? etcd_->url("lock_timeout=2")
                 : "file://" + (folder_.path() / "state").string() + "?lock_timeout=2";
  }

  std::unique_ptr<Process> start(const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), support::built_path("../examples/" + name));
    return std::make_unique<Process>(Process::Command{
        arguments, {}, folder_.path() / ("output" + std::to_string(++started_)), {}});
  }

  support::TempFolder folder_;
  std::unique_ptr<support::EtcdServer> etcd_;
  std::string url_;
  int started_ = 0;
};

TEST_P(Examples, WorkersUnderOneLockLoseNoAddition) {
  const std::string database = folder_.path() / "counter.db";
  std::vector<std::unique_ptr<Process>> workers;
  for (int i = 0; i < 3; ++i)
    workers.push_back(start("example_worker", {url_, database, "20"}));
  for (const auto& worker : workers)
    EXPECT_EQ(worker->wait(kSoon), 0) << worker->output();
  EXPECT_EQ(support::run({"/usr/bin/python3", "-c",
                          "import sqlite3, sys\n"
                          "print(sqlite3.connect(sys.argv[1])"
                          ".execute('SELECT value FROM counter').fetchone()[0])",
                          database}),
            "60\n");
}

TEST_P(Examples, WhenTheLeaderDiesTheNextOneLeads) {
  const auto alice = start("example_leader", {url_, "alice"});
  ASSERT_TRUE(alice->wait_for_output("alice leads", kSoon)) << alice->output();
  const auto bob = start("example_leader", {url_, "bob"});
  alice->signal(SIGKILL);
  ASSERT_TRUE(bob->wait_for_output("bob leads", kSoon)) << bob->output();
  bob->signal(SIGTERM);
  EXPECT_EQ(bob->wait(kSoon), 0) << bob->output();
}

INSTANTIATE_TEST_SUITE_P(Everywhere, Examples, testing::Values("file", "etcd"),
                         [](const auto& which) { return which.param; });

}  // namespace
