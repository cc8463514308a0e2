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

TEST_F(Conductors, OneThatIsToldToStopLetsNoRequestFail) {
  constexpr int kMachines = 300;
  start_ironic({.count = kMachines, .boot_time = "3600s"}, reserve_api());
  Member one = conductor("c1");
  const Member two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_TRUE(eventually([&] { return members() == "c1 c2"; }));

  std::atomic<int> next = 0, failed = 0;
  std::atomic<bool> enough = false;
  base::Pool callers(base::system_env(), {.name = "callers", .max_threads = 4});
  for (int caller = 0; caller < 4; ++caller)
    callers.submit([&](const std::stop_token&) {
      for (int i = next++; i < kMachines && !enough; i = next++)
        if (const Answer answer = api().start(i); answer.status != 202) {
          ++failed;
          ADD_FAILURE() << i << ": " << answer.text();
        }
    });
  EXPECT_TRUE(eventually([&] { return next > 20; }));
  const auto begin = now();
  EXPECT_EQ(one.process->stop(kSoon), 0);
  note("SIGTERM of a conductor under load until its end", since(begin));
  EXPECT_EQ(members(), "c2");
  const int at_end = next;
  EXPECT_TRUE(eventually([&] { return next > at_end + 20 || next >= kMachines; }));
  enough = true;
  callers.drain(base::system_env().after(kSoon));
  EXPECT_EQ(failed.load(), 0);
  const int started = std::min(next.load(), kMachines) - 4;
  EXPECT_TRUE(all_become(api(), started, "waiting")) << api().states(started);
}

}  // namespace
}  // namespace e2e
