#include "tooz/drivers/zookeeper/paths.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tooz::zookeeper {
namespace {

using Names = std::vector<std::string>;
const Paths kPaths("/root");

TEST(ZookeeperPaths, AKeyIsCutAtItsSlashes) {
  EXPECT_EQ(kPaths.key("a"), "/root/keys/ka");
  EXPECT_EQ(kPaths.key("a/b/c"), "/root/keys/da/db/kc");
  EXPECT_EQ(kPaths.key("a/"), "/root/keys/da/k");
  EXPECT_EQ(kPaths.key("//x"), "/root/keys/d/d/kx");
  EXPECT_EQ(kPaths.folder("a/b/c"), "/root/keys/da/db");
  EXPECT_EQ(kPaths.folder(""), "/root/keys");
  EXPECT_EQ(kPaths.folders("a/b/c"), (Names{"/root/keys/da", "/root/keys/da/db"}));
  EXPECT_EQ(kPaths.folders("a"), Names{});
}

TEST(ZookeeperPaths, NoByteOfAKeyBreaksAPath) {
  EXPECT_EQ(kPaths.key("."), "/root/keys/k.");
  EXPECT_EQ(kPaths.key(std::string("\0%\xff ", 4)), "/root/keys/k%00%25%ff%20");
}

TEST(ZookeeperPaths, EscapingIsUndoneAndNothingElseIs) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  EXPECT_EQ(unescaped(escaped(bytes)), bytes);
  for (const auto* bad : {"%", "%4", "%zz", "%41", "a b", "\xff", "%FF"})
    EXPECT_EQ(unescaped(bad), std::nullopt) << bad;
}

TEST(ZookeeperPaths, TheMakingOfAKeyRaisesTheCounterOfEveryPrefixItHas) {
  const auto raised = kPaths.counters("a/b/c");
  for (const auto* prefix : {"", "a", "a/", "a/b", "a/b/"})
    EXPECT_NE(std::ranges::find(raised, kPaths.counter(prefix)), raised.end()) << prefix;
  EXPECT_EQ(raised.size(), 3U);
  const std::string deep(1000, '/');
  EXPECT_LT(kPaths.counters(deep).size(), 10U);
  EXPECT_EQ(kPaths.counter(deep), kPaths.counters(deep + "x").back());
}

TEST(ZookeeperPaths, FoundationsBeginWithTheNamespace) {
  const auto paths = Paths("/a/b").foundations();
  EXPECT_EQ(paths[0], "/a");
  EXPECT_EQ(paths[1], "/a/b");
  EXPECT_EQ(paths.size(), 6U);
}

}  // namespace
}  // namespace tooz::zookeeper
