#include "tooz/drivers/zookeeper/sights.h"

#include <gtest/gtest.h>

#include <limits>

namespace tooz::zookeeper {
namespace {

Sight sight(Revision at, std::int32_t comings_and_goings, std::vector<std::string> keys) {
  return {.folder = {.children = at, .comings_and_goings = comings_and_goings},
          .keys = std::move(keys)};
}

Entry entry(std::string key, Revision created, Revision revision) {
  return {.key = std::move(key), .created = created, .revision = revision};
}

std::string text(const std::optional<Changes>& changes) {
  if (!changes) return "?";
  std::string all;
  for (const Change& change : changes->list)
    all += (change.removed ? "-" : "+") + change.entry.key + std::to_string(change.entry.revision) +
           " ";
  return all;
}

TEST(ZookeeperSights, OnlyWhoCameIsReadWhenTheNamesAccountForAllComingsAndGoings) {
  const Sight before = sight(10, 5, {"a", "b"});
  const Sight now = sight(20, 7, {"b", "c"});
  const Difference difference(before, now);
  EXPECT_EQ(difference.to_read(), std::vector<std::string>{"c"});
  EXPECT_EQ(text(difference.told({entry("c", 15, 15)})), "-a20 +c15 ");
}

TEST(ZookeeperSights, AKeyThatWasMadeAgainLeftAndCame) {
  const Sight before = sight(10, 5, {"a", "b"});
  const Sight now = sight(20, 7, {"a", "b"});
  const Difference difference(before, now);
  EXPECT_EQ(difference.to_read(), now.keys) << "either may be another one now";
  EXPECT_EQ(text(difference.told({entry("a", 3, 3), entry("b", 15, 15)})), "-b15 +b15 ");
}

TEST(ZookeeperSights, WhoCameAndWentInBetweenIsMissing) {
  const Sight before = sight(10, 5, {"a"});
  const Sight now = sight(20, 8, {"a", "b"});
  const Difference difference(before, now);
  EXPECT_EQ(text(difference.told({entry("a", 3, 3), entry("b", 15, 15)})), "?");
}

TEST(ZookeeperSights, WhatWasWrittenIsToldInOrder) {
  const Sight before = sight(10, 5, {"a", "b"});
  Sight now = sight(20, 6, {"a", "b", "c"});
  now.folder.version = 1;
  const Difference difference(before, now);
  EXPECT_EQ(difference.to_read(), now.keys);
  EXPECT_EQ(text(difference.told({entry("a", 3, 18), entry("b", 4, 4), entry("c", 12, 12)})),
            "+c12 +a18 ");
}

TEST(ZookeeperSights, TheCountOfComingsAndGoingsMayOverflow) {
  const Sight before = sight(10, std::numeric_limits<std::int32_t>::max(), {});
  const Sight now = sight(20, std::numeric_limits<std::int32_t>::min(), {"a"});
  EXPECT_EQ(text(Difference(before, now).told({entry("a", 15, 15)})), "+a15 ");
}

TEST(ZookeeperSights, TheOneThatWasAskedForLongestAgoGoes) {
  Sights sights;
  sights.keep("first", std::make_shared<Sight>(sight(1, 0, {})));
  for (std::size_t i = 1; i < Sights::kKept; ++i)
    sights.keep("other", std::make_shared<Sight>(sight(static_cast<Revision>(i), 0, {})));
  EXPECT_TRUE(sights.find("first", 1));
  EXPECT_FALSE(sights.find("first", 2));
  sights.keep("one more", std::make_shared<Sight>(sight(1, 0, {})));
  EXPECT_TRUE(sights.find("first", 1));
  EXPECT_FALSE(sights.find("other", 1));
}

}  // namespace
}  // namespace tooz::zookeeper
