// What the processes of a cluster lean on goes away for a while and comes back.
#include "tests/e2e/support/cluster_deployment.h"

#include "base/pool.h"

#include <atomic>

namespace e2e {
namespace {

constexpr milliseconds kAtOnce{3000};  ///< a read that nothing holds up, on a busy machine

class Outage : public ClusterDeployment {
 protected:
  /// Reads of one node's status from an API, one after another, until stop().
  class Reader {
   public:
    explicit Reader(const Api& api) : api_(api), pool_(base::system_env(), {.name = "reader"}) {
      pool_.submit([this](const std::stop_token&) {
        while (!stopped_) {
          const Answer answer = api_.get(Api::of_node(0));
          ++reads_;
          if (answer.status != 200) ++failed_;
          if (answer.took > longest_.load()) longest_ = answer.took;
        }
      });
    }
    ~Reader() { stop(); }
    void stop() {
      stopped_ = true;
      pool_.drain(base::system_env().after(seconds(60)));
    }
    int reads() const { return reads_; }
    int failed() const { return failed_; }
    milliseconds longest() const { return longest_; }

   private:
    const Api& api_;
    std::atomic<bool> stopped_ = false;
    std::atomic<int> reads_ = 0, failed_ = 0;
    std::atomic<milliseconds> longest_{};
    base::Pool pool_;
  };
};

TEST_F(Outage, EtcdAwayForTwentySeconds) {
  start_ironic({.count = 3, .boot_time = "10s"}, reserve_api());
  const Member one = conductor("c1"), two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));

  const auto begin = now();
  etcd().kill();
  Reader reader(api());
  milliseconds longest{};
  // Its machine posts in the middle of this, and is told to come again.
  while (since(begin) < seconds(20)) {
    const Answer answer = api().start(1);
    longest = std::max(longest, answer.took);
    EXPECT_EQ(answer.status, 503) << answer.text();
  }
  EXPECT_LT(longest, seconds(20));
  etcd().start();
  const auto back = now();
  EXPECT_TRUE(members_become("c1 c2"));
  note("etcd back until both conductors are members again", since(back));
  reader.stop();
  EXPECT_EQ(reader.failed(), 0);
  EXPECT_LT(reader.longest(), kAtOnce);
  note("etcd away for 20 s: longest start that was refused", longest);
  note("etcd away for 20 s: longest of " + std::to_string(reader.reads()) + " status reads",
       reader.longest());
  EXPECT_TRUE(eventually([&] { return api().start(1).status == 202; }));
  EXPECT_TRUE(all_become(api(), 2, "finished")) << api().states(2);
  EXPECT_EQ(members(), "c1 c2");  // and not only by what stood there before
}

TEST_F(Outage, EtcdStoppedForTwoLeases) {
  start_ironic({.count = 2}, reserve_api());
  const Member one = conductor("c1"), two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished"));
  etcd().pause();
  Reader reader(api());
  EXPECT_FALSE(eventually([] { return false; }, 2 * lease_));
  etcd().resume();
  EXPECT_TRUE(members_become("c1 c2"));
  reader.stop();
  EXPECT_EQ(reader.failed(), 0);
  EXPECT_LT(reader.longest(), kAtOnce);
  EXPECT_TRUE(eventually([&] { return api().start(1).status == 202; }));
  EXPECT_TRUE(api().becomes(1, "finished")) << api().states(2);
}

TEST_F(Outage, ProcessesThatStartWithoutEtcdWaitAndSaySo) {
  start_ironic({.count = 1}, reserve_api());
  etcd().stop();
  Member one = conductor_begins("c1");
  const Member first = api_process();
  for (const char* name : {"c1", "api-1"})
    EXPECT_TRUE(eventually([&] {
      return log(name).find("Waiting for the coordination backend etcd3+http://" + etcd().host()) !=
             std::string::npos;
    })) << log(name);
  EXPECT_EQ(api().get("/v1/introspection").text(), "200 {\"introspection\":[]}");
  EXPECT_EQ(api().start(0).text(), "503 No available conductor service");
  etcd().start();
  EXPECT_TRUE(joins(one));
  EXPECT_TRUE(eventually([&] { return api().start(0).status == 202; }));
  EXPECT_TRUE(api().becomes(0, "finished"));
}

TEST_F(Outage, ProcessesThatStartWithoutTheDatabaseWaitAndSaySo) {
  start_ironic({.count = 1}, reserve_api());
  postgresql().stop();
  Member one = conductor_begins("c1");
  Member ended = conductor_begins("c2");
  const std::string waiting = "Waiting for the database postgresql://test@" + postgresql().host();
  for (const char* name : {"c1", "c2"})
    EXPECT_TRUE(eventually([&] { return log(name).find(waiting) != std::string::npos; }))
        << log(name);
  EXPECT_EQ(ended.process->stop(), 0);
  postgresql().start();
  EXPECT_TRUE(joins(one));
  const Member first = api_process();
  EXPECT_TRUE(eventually([&] { return api().start(0).status == 202; }));
  EXPECT_TRUE(api().becomes(0, "finished"));
}

TEST_F(Outage, IronicRestartedInTheMiddleOfEverything) {
  const Machines machines{.count = 2, .boot_time = "1s", .trouble = {"--latency", "700ms"}};
  start_ironic(machines, reserve_api());
  const auto impatient = config("c1").set("ironic", "status_code_retries", "0");
  Member one = conductor_begins("c1", impatient);
  ASSERT_TRUE(joins(one));
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(eventually([&] { return api().state(0) == "processing"; }, kSoon));
  ASSERT_EQ(api().start(1).status, 202);
  stop_ironic();
  EXPECT_TRUE(eventually([&] {
    return log("c1").find("The work stops here and goes on later") != std::string::npos;
  }));
  EXPECT_EQ(api().state(0), "processing");
  EXPECT_EQ(api().state(1), "starting");
  start_ironic(machines, api().url());
  EXPECT_TRUE(all_become(api(), 2, "finished")) << api().states(2);
}

TEST_F(Outage, PostgresqlRestarted) {
  start_ironic({.count = 3, .boot_time = "2s"}, reserve_api());
  const Member one = conductor("c1"), two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  postgresql().kill();
  const Answer read = api().get(Api::of_node(0));
  EXPECT_EQ(read.text(), "503 The database is not available, try again later");
  const Answer begun = api().start(1);
  EXPECT_EQ(begun.text(), "503 The database does not answer, please, retry later");
  note("PostgreSQL away: a read, refused", read.took);
  note("PostgreSQL away: a start, refused", begun.took);
  postgresql().start();
  EXPECT_TRUE(eventually([&] { return api().start(1).status == 202; }));
  EXPECT_TRUE(all_become(api(), 2, "finished")) << api().states(2);
}

}  // namespace
}  // namespace e2e
