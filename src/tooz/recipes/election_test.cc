#include <gtest/gtest.h>

#include "tooz/testing/test_world.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;

TEST(Election, HasOneLeaderAtATime) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    auto election = b->election("g");
    EXPECT_EQ(election.leader(), std::nullopt);
    auto leadership = a->election("g").campaign({});
    ASSERT_TRUE(leadership);
    EXPECT_EQ(election.leader(), "a");
    EXPECT_FALSE(election.campaign({}, world.env.now() + 5s));
    const auto first = leadership->token().number;
    leadership->resign();
    const auto next = election.campaign({});
    ASSERT_TRUE(next);
    EXPECT_GT(next->token().number, first);
    EXPECT_EQ(a->election("g").leader(), "b");
    EXPECT_EQ(a->election("other").leader(), std::nullopt);
  });
}

TEST(Election, PassesToACandidateWhenTheLeaderIsCutOff) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    const auto leadership = a->election("g").campaign({});
    a.partition_for(1h);
    const auto next = b->election("g").campaign({}, world.env.now() + 30s);
    ASSERT_TRUE(next);
    EXPECT_TRUE(leadership->lost().stop_requested());
    EXPECT_EQ(leadership->remaining(), Env::Duration::zero());
  });
}

TEST(Election, IsObserved) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    auto watch = b->election("g");
    auto thread = a.process.spawn("candidate", [&](const std::stop_token& stop) {
      a.process.sleep_for(3s, stop);
      const auto leadership = a->election("g").campaign(stop);
      a.process.sleep_for(3s, stop);
    });
    EXPECT_EQ(watch.next_leader(std::nullopt, {}), "a");
    b.partition_for(10s);
    EXPECT_EQ(watch.next_leader("a", {}), std::nullopt);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(watch.next_leader(std::nullopt, stop.get_token()), std::nullopt);
  });
}

TEST(Election, CampaignGoesOnAfterALostLease) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    auto leadership = a->election("g").campaign({});
    std::optional<Leadership> next;
    auto thread = b.process.spawn(
        "candidate", [&](const std::stop_token& stop) { next = b->election("g").campaign(stop); });
    world.pass(1s);
    b.process.freeze_until(world.env.now() + 1min);
    world.pass(70s);
    leadership->resign();
    EXPECT_TRUE(world.eventually(1s, [&] { return next.has_value(); }));
  });
}

/// What a candidacy has told, as text.
struct Told {
  std::string text;
  Candidacy::Events events() {
    return {[this](const Leadership&) { text += "elected "; }, [this] { text += "over "; }};
  }
};

TEST(Candidacy, CampaignsAgainAfterALostLeaseAndAfterResigning) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    Told told;
    Candidacy candidacy(a->election("g"), told.events());
    EXPECT_TRUE(world.eventually(1s, [&] { return candidacy.leads(); }));
    const auto first = candidacy.leadership()->token().number;
    a.partition_for(20s);
    EXPECT_TRUE(world.eventually(11s, [&] { return !candidacy.leads(); }));
    EXPECT_TRUE(world.eventually(30s, [&] { return candidacy.leads(); }));
    EXPECT_GT(candidacy.leadership()->token().number, first);
    candidacy.resign();
    EXPECT_TRUE(world.eventually(1s, [&] {
      return told.text == "elected over elected over elected ";
    })) << told.text;
  });
}

TEST(Candidacy, MakesWayForTheNextOneWhenItResignsOrEnds) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    Told first;
    Told second;
    auto leading = std::make_unique<Candidacy>(a->election("g"), first.events());
    EXPECT_TRUE(world.eventually(1s, [&] { return leading->leads(); }));
    Candidacy next(b->election("g"), second.events());
    world.pass(1s);
    EXPECT_FALSE(next.leads());
    leading->resign();
    EXPECT_TRUE(world.eventually(1s, [&] { return next.leads(); }));
    next.resign();
    EXPECT_TRUE(world.eventually(1s, [&] { return leading->leads(); }));
    leading.reset();
    EXPECT_EQ(first.text, "elected over elected over ");
    EXPECT_TRUE(world.eventually(1s, [&] { return next.leads(); }));
  });
}

TEST(Election, IsObservedFromWhoLeadsNow) {
  TestWorld world;
  world.env.run([&] {
    const auto a = world.member("a");
    const auto b = world.member("b");
    auto leading = a->election("g").campaign({});
    std::string told;
    std::stop_source stop;
    auto observer = b.process.spawn("observer", [&](const std::stop_token&) {
      b->election("g").observe([&](const auto& leader) { told += leader.value_or("-"); },
                               stop.get_token());
    });
    world.pass(1s);
    leading->resign();
    world.pass(1s);
    leading = b->election("g").campaign({});
    world.pass(1s);
    stop.request_stop();
    EXPECT_EQ(told, "a-b");
  });
}

}  // namespace
}  // namespace tooz
