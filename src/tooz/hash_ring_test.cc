#include "tooz/hash_ring.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tooz {
namespace {

using Names = std::vector<std::string>;

const HashRing::Weights kThree{{"node-a", 1}, {"node-b", 1}, {"node-c", 1}};

Names sorted(Names names) {
  std::ranges::sort(names);
  return names;
}

// Recorded from Python tooz 3.1.0.
TEST(HashRing, AgreesWithPython) {
  const struct {
    const char *key, *one;
    Names two;
    const char* without_a;
  } cases[] = {
      {"", "node-a", {"node-a", "node-c"}, "node-c"},
      {"a", "node-c", {"node-b", "node-c"}, "node-c"},
      {"foo", "node-b", {"node-a", "node-b"}, "node-b"},
      {"hello", "node-b", {"node-b", "node-c"}, "node-b"},
      {"uuid-0001", "node-c", {"node-b", "node-c"}, "node-c"},
      {"4f2c5a3e-8c1f-4bb5-9d3e-2f1b7a0c9e11", "node-b", {"node-b", "node-c"}, "node-b"},
      {"\xc3\xa9", "node-c", {"node-b", "node-c"}, "node-c"},
      {"192.168.0.1", "node-a", {"node-a", "node-c"}, "node-c"},
  };
  const HashRing ring(kThree);
  EXPECT_EQ(ring.points(), 96U);
  for (const auto& c : cases) {
    EXPECT_EQ(ring.owners(c.key), Names{c.one}) << c.key;
    EXPECT_EQ(sorted(ring.owners(c.key, 2)), c.two) << c.key;
    EXPECT_EQ(ring.owners(c.key, 1, {"node-a"}), Names{c.without_a}) << c.key;
  }
}

std::map<std::string, int> shares(const HashRing& ring) {
  std::map<std::string, int> count;
  for (int i = 0; i < 6000; ++i)
    ++count[ring.owners("k" + std::to_string(i)).front()];
  return count;
}

TEST(HashRing, SharesAreThoseOfPython) {
  EXPECT_EQ(shares(HashRing(kThree)),
            (std::map<std::string, int>{{"node-a", 2127}, {"node-b", 2093}, {"node-c", 1780}}));
  EXPECT_EQ(shares(HashRing({{"node-a", 1}, {"node-b", 2}, {"node-c", 3}})),
            (std::map<std::string, int>{{"node-a", 940}, {"node-b", 1997}, {"node-c", 3063}}));
}

TEST(HashRing, ANodeThatLeavesTakesAllItsPointsWithIt) {
  HashRing ring(kThree);
  ring.set_node("node-d", 5);
  ring.set_node("node-d", 1);  // Python's ring keeps the points of the greater weight here
  EXPECT_EQ(ring.points(), 128U);
  EXPECT_TRUE(ring.remove_node("node-d"));
  EXPECT_FALSE(ring.remove_node("node-d"));
  EXPECT_EQ(ring.points(), 96U);
}

TEST(HashRing, WithoutNodesNobodyOwnsAKey) {
  EXPECT_TRUE(HashRing().owners("k").empty());
  EXPECT_TRUE(HashRing({{"a", 0}}).owners("k").empty());
  EXPECT_TRUE(HashRing({{"a", 1}}).owners("k", 3, {"a"}).empty());
}

}  // namespace
}  // namespace tooz
