#include "tooz/metrics.h"

#include <gtest/gtest.h>

#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/recipes/token_check.h"
#include "tooz/testing/background.h"
#include "tooz/testing/test_world.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
using Count = Metrics::Count;
using Time = Metrics::Time;

class Counted final : public Metrics {
 public:
  void add(Count what, std::uint64_t number) noexcept override {
    const std::lock_guard lock(mutex_);
    counts_[what] += number;
  }
  void time(Time what, base::Env::Duration took) noexcept override {
    const std::lock_guard lock(mutex_);
    ++times_[what];
    longest_[what] = std::max(longest_[what], took);
  }
  std::uint64_t operator[](Count what) {
    const std::lock_guard lock(mutex_);
    return counts_[what];
  }
  std::uint64_t operator[](Time what) {
    const std::lock_guard lock(mutex_);
    return times_[what];
  }
  base::Env::Duration longest(Time what) {
    const std::lock_guard lock(mutex_);
    return longest_[what];
  }

 private:
  std::mutex mutex_;
  std::map<Count, std::uint64_t> counts_;
  std::map<Time, std::uint64_t> times_;
  std::map<Time, base::Env::Duration> longest_;
};

TEST(MetricsOfACoordinator, CountWhatItDoes) {
  TestWorld world(4711);  // an origin of its own: the self-check is of the whole process
  world.env.run([&] {
    const auto metrics = std::make_shared<Counted>();
    auto net = std::make_unique<sim::FaultyBackend>(world.env, world.backend());
    auto& reference = *net;
    Coordinator coordinator(world.env, Wiring{std::move(net), {}},
                            {.member_id = "a", .metrics = metrics});
    auto lock = coordinator.lock("x");
    auto held = lock.try_acquire();
    ASSERT_TRUE(held);
    EXPECT_FALSE(lock.try_acquire());
    world.pass(2s);
    held->release();
    held = lock.try_acquire();
    EXPECT_EQ((*metrics)[Count::kGrants], 2U);
    EXPECT_EQ((*metrics)[Count::kRefusals], 1U);
    EXPECT_EQ((*metrics)[Count::kReleases], 1U);
    EXPECT_EQ(metrics->longest(Time::kHeld), 2s);
    EXPECT_EQ((*metrics)[Time::kAcquire], 2U);
    EXPECT_EQ((*metrics)[Count::kLeases], 1U);
    world.pass(10s);
    EXPECT_GE((*metrics)[Time::kLeaseAge], 3U);
    EXPECT_LE(metrics->longest(Time::kLeaseAge), 4s);
    reference.partition_until(world.env.now() + 20s);
    world.pass(30s);
    EXPECT_EQ((*metrics)[Count::kLosses], 1U);
    EXPECT_EQ((*metrics)[Count::kLeasesLost], 1U);
    EXPECT_GT((*metrics)[Count::kErrors], 0U);
    EXPECT_EQ((*metrics)[Count::kBrainSplits], 0U);
    EXPECT_EQ((*metrics)[Count::kTokensWentBack], 0U);
  });
}

TEST(SelfCheck, ReportsTwoLiveTokensAndOneThatWentBack) {
  TestWorld world;
  world.env.run([&] {
    const auto metrics = std::make_shared<Counted>();
    const Meter meter(world.env, metrics);
    const auto lease = std::make_shared<Lease>(world.env, Session{SessionId{1}, 10s}, "origin",
                                               world.env.now(), Flaws{});
    const auto held = [&] {
      return std::make_shared<HeldKey>(HeldKey{.key = "k", .created = 1, .lease = lease});
    };
    TokenCheck check;
    const auto first = held();
    check.granted({{"origin", 5}, first}, meter);
    first->released.request_stop();
    const auto second = held();
    check.granted({{"origin", 7}, second}, meter);
    EXPECT_EQ((*metrics)[Count::kBrainSplits], 0U);
    const auto third = held();
    check.granted({{"origin", 8}, third}, meter);
    EXPECT_EQ((*metrics)[Count::kBrainSplits], 1U);
    second->released.request_stop();
    third->released.request_stop();
    const auto fourth = held();
    check.granted({{"origin", 6}, fourth}, meter);
    EXPECT_EQ((*metrics)[Count::kTokensWentBack], 1U);
    check.granted({{"another origin", 1}, held()}, meter);
    EXPECT_EQ((*metrics)[Count::kTokensWentBack], 1U);
    EXPECT_EQ((*metrics)[Count::kBrainSplits], 1U);
  });
}

TEST(MetricsNames, AreAllDifferent) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Count::kUnreadableValues); ++i)
    names.insert(name_of(static_cast<Count>(i)));
  EXPECT_EQ(names.size(), 13U);
  EXPECT_EQ(name_of(Count::kUnreadableValues), "unreadable_values");
  EXPECT_EQ(name_of(Count::kBrainSplits), "brain_splits");
  EXPECT_EQ(name_of(Time::kLeaseAge), "lease_age");
}

TEST(Requirements, AreCheckedBeforeAnythingIsSent) {
  const auto refusal = [](const Requirements& wanted) -> std::string {
    try {
      const Coordinator made(base::system_env(), "memory://required", {.require = wanted});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::kUnsuitable);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal({.linearizable = true, .notifies = true, .keeps_live_keys = true}), "");
  const auto text = refusal({.survives_restart = true, .across_hosts = true});
  EXPECT_NE(text.find("memory:// does not promise: survives restart, across hosts"),
            std::string::npos)
      << text;
  const Coordinator made(base::system_env(), "memory://required", {});
  EXPECT_FALSE(made.features().across_hosts);
}

}  // namespace
}  // namespace tooz
