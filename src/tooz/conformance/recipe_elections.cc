#include "tooz/conformance/recipe_suite.h"

namespace tooz::conformance {
namespace {

using namespace std::chrono_literals;

TEST_P(RecipeConformance, AnElectionHasOneLeaderAndPassesWhenHeResigns) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    EXPECT_EQ(b->election("g").leader(), std::nullopt);
    auto leading = a->election("g").campaign({}, env().now() + kLimit);
    ASSERT_TRUE(leading);
    EXPECT_EQ(b->election("g").leader(), "a");
    EXPECT_FALSE(b->election("g").campaign({}, env().now() + 200ms));
    EXPECT_EQ(b->election("g").leader(), "a");
    const Revision before = leading->token().number;
    leading->resign();
    EXPECT_EQ(leading->remaining(), Env::Duration::zero());
    const auto next = b->election("g").campaign({}, env().now() + kLimit);
    ASSERT_TRUE(next);
    EXPECT_GT(next->token().number, before);
    EXPECT_EQ(a->election("g").leader(), "b");
  });
}

TEST_P(RecipeConformance, ALeaderThatIsCutOffIsSucceeded) {
  run([&] {
    const auto a = short_lived("a");
    const auto b = member("b");
    const auto leading = a->election("g").campaign({}, env().now() + kLimit);
    ASSERT_TRUE(leading);
    a.cut_off();
    const auto next = b->election("g").campaign({}, env().now() + kLimit);
    ASSERT_TRUE(next);
    EXPECT_EQ(leading->remaining(), Env::Duration::zero());
    EXPECT_TRUE(fires(leading->lost()));
    EXPECT_GT(next->token().number, leading->token().number);
    EXPECT_EQ(b->election("g").leader(), "b");
  });
}

TEST_P(RecipeConformance, AnObserverLearnsWhoLeads) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    const auto seen = env().make_event();
    std::stop_source late;
    std::optional<std::string> first;
    std::optional<std::string> second;
    Background observer(env(), [&, election = b->election("g")]() mutable {
      first = election.next_leader(std::nullopt, late.get_token());
      seen->set();
      second = election.next_leader(first, late.get_token());
    });
    auto leading = a->election("g").campaign({}, env().now() + kLimit);
    ASSERT_TRUE(leading);
    EXPECT_TRUE(seen->wait_until(env().now() + kLimit, {}));
    leading->resign();
    EXPECT_TRUE(observer.ends_within(kLimit));
    late.request_stop();
    EXPECT_EQ(first, "a");
    EXPECT_EQ(second, std::nullopt);
  });
}

}  // namespace
}  // namespace tooz::conformance
