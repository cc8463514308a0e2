#include "tooz/drivers/etcd/testing/etcd_fixture.h"

namespace tooz::etcd {
namespace {

using namespace std::chrono_literals;

TEST_F(Etcd, AWaitIsWokenByEveryKindOfChange) {
  const Session session = backend->open_session(30s);
  expect_wakes("w/", [&] { backend->create("w/k", "v", session.id); });
  expect_wakes("w/", [&] { change("w/k"); });
  expect_wakes("w/", [&] { backend->remove("w/k", backend->get("w/k")->revision); });
  ASSERT_TRUE(backend->create("w/k", "v", session.id));
  expect_wakes("w/", [&] { backend->close_session(session.id); });
}

TEST_F(Etcd, AWaitSeesWhatHappenedBeforeItBegan) {
  const Revision at = backend->list("w/").at;
  ASSERT_TRUE(backend->create("w/k", "v", SessionId::kNone));
  EXPECT_TRUE(wait_ends("w/", at));
}

TEST_F(Etcd, AWaitSleepsWhileItsPrefixIsUnchanged) {
  const Revision at = backend->list("w/").at;
  ASSERT_TRUE(backend->create("elsewhere", "v", SessionId::kNone));
  const auto deadline = env().now() + 300ms;
  backend->wait_change("w/", at, deadline, {});
  EXPECT_GE(env().now(), deadline);
}

TEST_F(Etcd, AWaitEndsAtOnceWhenItIsStopped) {
  const Revision at = backend->list("w/").at;
  std::stop_source stop;
  Background waiter(
      env(), [&] { backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token()); });
  EXPECT_FALSE(waiter.ends_within(0s));
  stop.request_stop();
  EXPECT_TRUE(waiter.ends_within(10s));
  backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token());
}

TEST_F(Etcd, AWaitOnCompactedRevisionsReturns) {
  const Revision at = backend->list("w/").at;
  Revision last = backend->create("k", "0", SessionId::kNone).value();
  for (int i = 0; i < 5; ++i)
    last = backend->replace("k", "v", last).value();
  server->compact(last);
  EXPECT_TRUE(wait_ends("w/", at));
  const Revision fresh = backend->list("w/").at;
  const auto deadline = env().now() + 200ms;
  backend->wait_change("w/", fresh, deadline, {});
  EXPECT_GE(env().now(), deadline);
}

TEST_F(Etcd, AWaitEndsWhenTheServerRestartsAndWorksAgain) {
  ASSERT_TRUE(backend->create("w/k", "v", SessionId::kNone));
  const Revision at = backend->list("w/").at;
  // Whether the watch stood already decides between a return and kUnreachable; neither sleeps on.
  std::optional<Errc> error;
  Background waiter(env(), [&] {
    error = error_of([&] { backend->wait_change("w/", at, Env::TimePoint::max(), {}); });
  });
  server->kill();
  server->start();
  ASSERT_TRUE(waiter.ends_within(15s));
  EXPECT_EQ(error.value_or(Errc::kUnreachable), Errc::kUnreachable);
  EXPECT_EQ(backend->list("w/").at, at);
  expect_wakes("w/", [&] { change("w/k"); });
}

TEST_F(Etcd, AWaitDoesNotKeepAServerFromStopping) {
  const Revision at = backend->list("w/").at;
  Background waiter(
      env(), [&] { error_of([&] { backend->wait_change("w/", at, Env::TimePoint::max(), {}); }); });
  server->stop();
  EXPECT_TRUE(waiter.ends_within(15s));
}

TEST_F(Etcd, AWaitEndsWhenItsServerStandsStill) {
  const auto impatient = open(server->url("timeout=1"));
  const Revision at = impatient->list("w/").at;
  Background waiter(env(), [&] {
    error_of([&] { impatient->wait_change("w/", at, Env::TimePoint::max(), {}); });
  });
  server->pause();
  EXPECT_TRUE(waiter.ends_within(30s));
}

TEST_F(Etcd, WaitsLeaveNoWatcherBehind) {
  const Revision at = backend->list("w/").at;
  std::stop_source stop;
  std::vector<std::unique_ptr<Background>> waiters;
  for (int i = 0; i < 20; ++i)
    waiters.push_back(std::make_unique<Background>(
        env(), [&] { backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token()); }));
  const auto watchers = [&] {
    const std::string metrics =
        support::run({"curl", "-s", "http://" + server->host() + "/metrics"});
    const std::string name = "\netcd_debugging_mvcc_watcher_total ";
    return std::stoi(metrics.substr(metrics.find(name) + name.size()));
  };
  EXPECT_TRUE(support::eventually([&] { return watchers() == 20; }));
  stop.request_stop();
  waiters.clear();
  EXPECT_TRUE(support::eventually([&] { return watchers() == 0; }));
}

TEST_F(Etcd, AWaitOnAWipedServerReturns) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(backend->create("k" + std::to_string(i), "v", SessionId::kNone));
  const Revision at = backend->list("").at;
  server->stop();
  server->wipe();
  server->start();
  EXPECT_TRUE(wait_ends("", at));
  EXPECT_LT(backend->list("").at, at);
}

TEST_F(Etcd, MoreWaitsThanStreamsStillEnd) {
  const Revision at = backend->list("w/").at;
  std::vector<std::unique_ptr<Background>> waiters;
  for (int i = 0; i < 230; ++i)
    waiters.push_back(std::make_unique<Background>(
        env(), [&] { backend->wait_change("w/", at, env().now() + 60s, {}); }));
  ASSERT_TRUE(backend->create("w/k", "v", SessionId::kNone));
  for (auto& waiter : waiters)
    EXPECT_TRUE(waiter->ends_within(30s));
}

}  // namespace
}  // namespace tooz::etcd
