// What somebody else has written, and what no backend should get.
#include "base/log.h"
#include "tooz/conformance/recipe_suite.h"

namespace tooz::conformance {
namespace {

TEST_P(RecipeConformance, NamesThatCannotBeUsedAreRefusedBeforeAnythingIsSent) {
  run([&] {
    const auto a = member("a");
    ASSERT_TRUE(a->create_group("g"));
    ASSERT_TRUE(eventually([&] { return a->connected(); }));
    const auto before = a.net->counts();
    const std::string nul("a\0b", 3);
    for (const std::string& name :
         {std::string(), std::string("a/b"), nul, std::string(10'000, 'x'), std::string("\xff")}) {
      const auto refused = [&](const auto& call) {
        EXPECT_EQ(error_of(call), Errc::kBadName) << name.substr(0, 10);
      };
      refused([&] { a->create_group(name); });
      refused([&] { a->remove_group(name); });
      refused([&] { a->join(name, nullptr); });
      refused([&] { a->leave(name); });
      refused([&] { a->update_capabilities(name, nullptr); });
      refused([&] { a->view(name); });
      refused([&] { a->follow(name); });
      refused([&] { a->partition(name); });
      refused([&] { a->lock(name); });
      refused([&] { a->lock(name, Mode::kShared); });
      refused([&] { a->semaphore(name, 1); });
      refused([&] { a->election(name); });
      if (!name.empty()) refused([&] { member(name); });
    }
    EXPECT_EQ(a.net->counts().writes, before.writes);
    EXPECT_EQ(a.net->counts().reads, before.reads);
  });
}

TEST_P(RecipeConformance, CapabilitiesOfAMegabyteArriveOrAreRefused) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    ASSERT_TRUE(a->create_group("g"));
    const Value large = std::string(1'000'000, 'c');
    const auto refusal = error_of([&] { EXPECT_TRUE(a->join("g", large)); });
    if (!refusal) {
      ASSERT_EQ(b->view("g").members.size(), 1U);
      EXPECT_EQ(*b->view("g").members.at(0).capabilities, large);
      return;
    }
    EXPECT_EQ(refusal, Errc::kTooLarge);
    EXPECT_TRUE(a->join("g", 1)) << "and nothing is in the way of others";
  });
}

TEST_P(RecipeConformance, ValuesThatCannotBeReadAreLeftOut) {
  run([&] {
    const auto a = member("a");
    ASSERT_TRUE(a->create_group("g"));
    ASSERT_TRUE(a->join("g", 1));
    const auto none = SessionId::kNone;
    backend->create("tooz/groups/g/broken", "\xc1", none);
    backend->create("tooz/groups/g/short", "\x81\xa6we", none);
    backend->create("tooz/groups/g/empty", "", none);
    backend->create("tooz/groups/g/good", "\x01", none);
    const auto shown = [&] { return ids(a->view("g").members); };
    EXPECT_TRUE(eventually([&] { return shown() == std::vector<std::string>{"a", "good"}; }));
    backend->create("tooz-cc/election/g/leader", "\xff\xfe nonsense", none);
    EXPECT_TRUE(a->election("g").leader());
    backend->create("tooz-cc/semaphore/s/p-1", "nonsense", none);
    EXPECT_TRUE(a->semaphore("s", 1).try_acquire());
    backend->create("/tooz/locksx", "", none);
    EXPECT_FALSE(a->lock("x").try_acquire()) << "taken, by whomever";
    EXPECT_TRUE(a->lock("x").break_holder());
    EXPECT_TRUE(a->lock("x").try_acquire());
  });
}

}  // namespace
}  // namespace tooz::conformance
