// What callers of the API notice of conductors that stop, hang or are not there.
#include "tests/e2e/support/cluster_deployment.h"

#include "base/pool.h"

#include <atomic>

namespace e2e {
namespace {

using Conductors = ClusterDeployment;

TEST_F(Conductors, NoneIsA503ThatSaysSo) {
  const Member first = api_process();
  const std::string none = "503 No available conductor service";
  EXPECT_EQ(api().start(0).text(), none);
  EXPECT_EQ(api().abort(0).text(), none);
  EXPECT_EQ(api().ask("POST", "/v1/continue", "{}").text(), none);
  EXPECT_EQ(api().ask("POST", Api::of_node(0) + "/data/unprocessed").text(), none);
  EXPECT_EQ(http::find_header(api().start(0).headers, "Retry-After").has_value(), true);
  EXPECT_EQ(api().get(Api::of_node(0)).text(),
            "404 Could not find node " + node_uuid(0) + " in cache");
}

TEST_F(Conductors, AStoppedOneCostsItsCallersNoMoreThanTwentySeconds) {
  constexpr int kMachines = 8;
  lease_ = seconds(60);  // it stays a member all the time
  start_ironic({.count = kMachines, .boot_time = "3600s"}, reserve_api());
  const Member one = conductor("c1"), two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_TRUE(eventually([&] { return members() == "c1 c2"; }));
  one.process->freeze();

  std::atomic<int> done = 0, taken = 0, other = 0;
  std::atomic<milliseconds> longest{};
  base::Pool callers(base::system_env(), {.name = "callers", .max_threads = kMachines});
  for (int i = 0; i < kMachines; ++i)
    callers.submit([&, i](const std::stop_token&) {
      const Answer answer = api().start(i);
      if (answer.status == 202) ++taken;
      if (answer.status != 202 && answer.status != 503) ++other;
      if (answer.took > longest.load()) longest = answer.took;
      ++done;
    });
  milliseconds longest_read{};
  int reads = 0;
  while (done < kMachines) {
    const Answer answer = api().get("/v1/introspection");
    EXPECT_EQ(answer.status, 200);
    longest_read = std::max(longest_read, answer.took);
    ++reads;
  }
  EXPECT_GT(taken.load(), 0);
  EXPECT_EQ(other.load(), 0);
  EXPECT_LT(longest.load(), seconds(20));
  EXPECT_LT(longest_read, seconds(3));
  note("one of two conductors stopped: longest of " + std::to_string(kMachines) + " starts, " +
           std::to_string(taken.load()) + " taken",
       longest);
  note("meanwhile the longest of " + std::to_string(reads) + " reads", longest_read);
  // Who did not answer is asked last from now on.
  for (int i = 0; i < kMachines; ++i)
    EXPECT_EQ(api().abort(i).status / 100 == 5, false) << i;
  one.process->thaw();
}

/// Operators start introspections one after another, by four at a time; none may be refused.
class Starts {
 public:
  Starts(const Api& api, int machines) : api_(api), machines_(machines) {
    for (int caller = 0; caller < kCallers; ++caller)
      callers_.submit([this](const std::stop_token&) { ask(); });
  }
  /// Some more are made from here on.
  void go_on() const {
    const int before = next_;
    EXPECT_TRUE(eventually([&] { return next_ > before + 20 || next_ >= machines_; }));
  }
  /// Returns how many were made.
  int end() {
    enough_ = true;
    callers_.drain(base::system_env().after(kSoon));
    return std::min(next_.load(), machines_) - kCallers;
  }

 private:
  static constexpr int kCallers = 4;

  void ask() {
    for (int i = next_++; i < machines_ && !enough_; i = next_++)
      if (const Answer answer = api_.start(i); answer.status != 202)
        ADD_FAILURE() << i << ": " << answer.text();
  }

  const Api& api_;
  const int machines_;
  std::atomic<int> next_ = 0;
  std::atomic<bool> enough_ = false;
  base::Pool callers_{base::system_env(), {.name = "callers", .max_threads = kCallers}};
};

TEST_F(Conductors, OneThatIsToldToStopLetsNoRequestFail) {
  constexpr int kMachines = 300;
  start_ironic({.count = kMachines, .boot_time = "3600s"}, reserve_api());
  Member one = conductor("c1");
  const Member two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_TRUE(eventually([&] { return members() == "c1 c2"; }));

  Starts starts(api(), kMachines);
  starts.go_on();
  const auto begin = now();
  EXPECT_EQ(one.process->stop(kSoon), 0);
  note("SIGTERM of a conductor under load until its end", since(begin));
  EXPECT_EQ(members(), "c2");
  starts.go_on();
  const int started = starts.end();
  EXPECT_TRUE(all_become(api(), started, "waiting")) << api().states(started);
}

TEST_F(Conductors, OneThatIsToldToDrainLetsNoRequestFailAndLivesOn) {
  constexpr int kMachines = 300;
  const Machines machines{.count = kMachines, .boot_time = "3600s"};
  start_ironic(machines, reserve_api());
  Member one = conductor("c1");
  const Member two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_TRUE(eventually([&] { return members() == "c1 c2"; }));

  Starts starts(api(), kMachines);
  starts.go_on();
  one.process->signal(SIGUSR1);
  EXPECT_TRUE(one.process->wait_for_output("SIGUSR1: done", kSoon));
  EXPECT_EQ(members(), "c2");
  starts.go_on();
  const int started = starts.end();
  EXPECT_TRUE(all_become(api(), started, "waiting")) << api().states(started);
  EXPECT_TRUE(one.process->running());
  EXPECT_EQ(postgresql().sql("SELECT count(*) FROM cc_operation", "test1"), "0\n");
  EXPECT_EQ(one.process->stop(kSoon), 0);
}

}  // namespace
}  // namespace e2e
