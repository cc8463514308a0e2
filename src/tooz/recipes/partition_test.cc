#include "tooz/partition.h"

#include <gtest/gtest.h>

#include "tooz/testing/background.h"
#include "tooz/testing/test_world.h"
#include "tooz/value.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

class PartitionTest : public testing::Test {
 protected:
  using Node = TestWorld::Node;
  /// Three members, named as in the vectors taken from Python's ring.
  void run(const std::function<void(const Node& a, const Node& b, const Node& c)>& body) {
    world.env.run([&] {
      const auto a = world.member("node-a");
      const auto b = world.member("node-b");
      const auto c = world.member("node-c");
      a->create_group("g");
      body(a, b, c);
    });
  }

  TestWorld world;
};

TEST_F(PartitionTest, EqualsPythonsRingWhereAllWeighTheSame) {
  run([&](auto& a, auto& b, auto& c) {
    a->join("g", nullptr);
    b->join("g", Value::Map{{"weight", 1}});
    c->join("g", "no map");
    const auto partition = a->partition("g");
    EXPECT_TRUE(world.eventually(1s, [&] { return a->view("g").members.size() == 3; }));
    EXPECT_EQ(partition->owner("foo"), "node-b");
    EXPECT_EQ(partition->owner("192.168.0.1"), "node-a");
    EXPECT_EQ(partition->owners("a", 2), (Names{"node-c", "node-b"}));
    EXPECT_EQ(partition->owners("foo", 5).size(), 3U);
    EXPECT_TRUE(partition->is_mine("192.168.0.1"));
    EXPECT_FALSE(partition->is_mine("foo"));
  });
}

TEST_F(PartitionTest, FollowsWeights) {
  run([&](auto& a, auto& b, auto& c) {
    a->join("g", Value::Map{{"weight", 1}});
    b->join("g", Value::Map{{"weight", 2}});
    c->join("g", Value::Map{{"weight", 3}});
    const auto partition = a->partition("g");
    EXPECT_TRUE(world.eventually(1s, [&] { return a->view("g").members.size() == 3; }));
    EXPECT_EQ(partition->owner("a"), "node-c");
    EXPECT_EQ(partition->owner("hello"), "node-c");
    EXPECT_NEAR(partition->share().fraction, 1.0 / 6, 0.06);
    EXPECT_TRUE(c->update_capabilities("g", Value::Map{{"weight", 5000}}));
    world.pass(1s);
    EXPECT_EQ(error_of([&] { partition->owner("a"); }), Errc::kBadWeight);
  });
}

TEST_F(PartitionTest, TellsWhenItsOwnShareChanges) {
  run([&](auto& a, auto& b, auto& c) {
    const auto partition = a->partition("g");
    EXPECT_EQ(partition->owner("foo"), std::nullopt);
    const auto none = partition->share();
    EXPECT_EQ(none.fraction, 0);
    a->join("g", nullptr);
    const auto all = partition->next_share(none, {});
    EXPECT_EQ(all.fraction, 1);
    b->join("g", nullptr);
    const auto half = partition->next_share(all, {});
    EXPECT_LT(half.fraction, 0.8);
    EXPECT_GT(half.fraction, 0.2);
    b->update_capabilities("g", Value::Map{{"colour", "red"}});
    std::stop_source stop;
    bool changed = false;
    Background waits(world.env,
                     [&] { changed = partition->next_share(half, stop.get_token()) != half; });
    world.pass(2s);
    stop.request_stop();
    EXPECT_TRUE(waits.ends_within(1s));
    EXPECT_FALSE(changed) << "other capabilities are no other share";
    c->join("g", nullptr);
    EXPECT_LT(partition->next_share(half, {}).fraction, half.fraction);
  });
}

}  // namespace
}  // namespace tooz
