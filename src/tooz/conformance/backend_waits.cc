#include "tooz/conformance/backend_suite.h"

namespace tooz::conformance {
namespace {

using namespace std::chrono_literals;
constexpr auto kNone = SessionId::kNone;

TEST_P(BackendConformance, AWaitIsWokenByEveryKindOfChange) {
  run([&] {
    const Session session = backend->open_session(kLongLease);
    expect_wakes("w/", [&] { return backend->create("w/k", "v", session.id).has_value(); });
    const Revision created = backend->get("w/k")->revision;
    expect_wakes("w/", [&] { return backend->replace("w/k", "changed", created).has_value(); });
    const Revision changed = backend->get("w/k")->revision;
    expect_wakes("w/", [&] { return backend->remove("w/k", changed); });
    ASSERT_TRUE(backend->create("w/k", "v", session.id));
    expect_wakes("w/", [&] {
      backend->close_session(session.id);
      return true;
    });
    EXPECT_EQ(backend->get("w/k"), std::nullopt);
  });
}

TEST_P(BackendConformance, AWaitIsWokenByAnExpiryThatNobodyWrites) {
  run([&] {
    const Session session = backend->open_session(world->short_lease());
    ASSERT_TRUE(backend->create("w/k", "v", session.id));
    EXPECT_TRUE(goes("w/", "w/k"));
  });
}

TEST_P(BackendConformance, AWaitIsWokenByAnotherClient) {
  run([&] {
    const auto other = world->open();
    expect_wakes("w/", [&] { return other->create("w/k", "v", kNone).has_value(); });
    const Revision at = other->get("w/k")->revision;
    expect_wakes("", [&] { return other->remove("w/k", at); });
  });
}

TEST_P(BackendConformance, AWaitOnOneKeyIsWokenByIt) {
  run([&] {
    const Revision created = backend->create("w", "v", kNone).value();
    expect_wakes("w", [&] { return backend->replace("w", "x", created).has_value(); });
  });
}

TEST_P(BackendConformance, AWaitSeesWhatHappenedBeforeItBegan) {
  run([&] {
    const Revision at = backend->list("w/").at;
    const Revision made = backend->create("w/k", "v", kNone).value();
    EXPECT_TRUE(returns_early("w/", at));
    ASSERT_TRUE(backend->remove("w/k", made));
    EXPECT_TRUE(returns_early("w/", at));
  });
}

TEST_P(BackendConformance, AWaitSeesAKeyThatCameAndWent) {
  run([&] {
    const Revision at = backend->list("w/").at;
    ASSERT_TRUE(backend->remove("w/k", backend->create("w/k", "v", kNone).value()));
    EXPECT_TRUE(returns_early("w/", at));
  });
}

TEST_P(BackendConformance, AWaitSeesAChangeThatManyOthersFollowed) {
  run([&] {
    const Revision at = backend->list("w/").at;
    ASSERT_TRUE(backend->create("w/k", "v", kNone));
    Revision last = backend->create("elsewhere", "v", kNone).value();
    for (int i = 0; i < 200; ++i)
      last = backend->replace("elsewhere", "v", last).value();
    EXPECT_TRUE(returns_early("w/", at));
  });
}

TEST_P(BackendConformance, AWaitOnAnUnchangedPrefixSleeps) {
  run([&] {
    ASSERT_TRUE(backend->create("w/k", "v", backend->open_session(kLongLease).id));
    const Revision at = backend->list("w/").at;
    ASSERT_TRUE(backend->create("elsewhere", "v", kNone));
    const auto deadline = env().now() + 300ms;
    int returns = 0;
    for (; env().now() < deadline; ++returns)
      backend->wait_change("w/", at, deadline, {});
    EXPECT_LT(returns, 50) << "it spins";
  });
}

TEST_P(BackendConformance, AWaitWhoseDeadlineHasPassedReturns) {
  run([&] {
    const Revision at = backend->list("w/").at;
    backend->wait_change("w/", at, env().now(), {});
    backend->wait_change("w/", at, Env::TimePoint{}, {});
  });
}

TEST_P(BackendConformance, AWaitEndsWhenItIsStopped) {
  run([&] {
    const Revision at = backend->list("w/").at;
    std::stop_source stop;
    Background waiter(env(), [&] {
      while (!stop.stop_requested())
        backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token());
    });
    stop.request_stop();
    EXPECT_TRUE(waiter.ends_within(kLimit));
    backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token());
  });
}

TEST_P(BackendConformance, ManyWaitsAreWokenByOneChange) {
  run([&] {
    const Revision at = backend->list("w/").at;
    const auto deadline = env().now() + 4 * kLimit;
    std::vector<std::unique_ptr<Background>> waiters;
    for (int i = 0; i < 20; ++i)
      waiters.push_back(std::make_unique<Background>(
          env(), [&] { backend->wait_change("w/", at, deadline, {}); }));
    ASSERT_TRUE(backend->create("w/k", "v", kNone));
    for (const auto& waiter : waiters)
      EXPECT_TRUE(waiter->ends_within(kLimit));
  });
}

}  // namespace
}  // namespace tooz::conformance
