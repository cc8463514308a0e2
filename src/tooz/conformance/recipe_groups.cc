#include "tooz/conformance/recipe_suite.h"

namespace tooz::conformance {
namespace {

using Names = std::vector<std::string>;

TEST_P(RecipeConformance, AGroupIsMadeListedAndRemoved) {
  run([&] {
    const auto a = member("a");
    EXPECT_TRUE(a->create_group("g"));
    EXPECT_FALSE(a->create_group("g"));
    EXPECT_TRUE(a->create_group("h"));
    ASSERT_TRUE(a->join("g", nullptr));
    EXPECT_EQ(a->groups(), (Names{"g", "h"}));
    EXPECT_FALSE(a->remove_group("g")) << "not empty";
    EXPECT_TRUE(a->remove_group("h"));
    EXPECT_FALSE(a->remove_group("h"));
    EXPECT_TRUE(a->leave("g"));
    EXPECT_FALSE(a->leave("g"));
    EXPECT_TRUE(a->remove_group("g"));
    EXPECT_EQ(a->groups(), Names{});
    EXPECT_EQ(error_of([&] { a->join("g", nullptr); }), Errc::kNoSuchGroup);
    EXPECT_EQ(error_of([&] { a->view("g"); }), Errc::kNoSuchGroup);
  });
}

TEST_P(RecipeConformance, CapabilitiesArriveAsTheyWereGiven) {
  run([&] {
    const auto a = member("a");
    const auto b = member("b");
    const std::string any("\0\xff\n", 3);
    const Value given = Value::Map{{"weight", 2},
                                   {"ratio", 0.5},
                                   {"bytes", Value::Bytes{any}},
                                   {"list", Value::List{true, nullptr, "text"}},
                                   {"long", std::string(100'000, 'x')}};
    ASSERT_TRUE(a->create_group("g"));
    ASSERT_TRUE(a->join("g", given));
    const auto seen = [&] { return *b->view("g").members.at(0).capabilities; };
    EXPECT_EQ(seen(), given);
    EXPECT_TRUE(a->update_capabilities("g", "others"));
    EXPECT_TRUE(eventually([&] { return seen() == Value("others"); }));
    EXPECT_FALSE(b->update_capabilities("g", 1)) << "it is no member";
  });
}

TEST_P(RecipeConformance, AViewFollowsItsMembers) {
  run([&] {
    const auto a = member("a");
    const auto watcher = member("watcher");
    const auto shows = [&](const Names& names) {
      return eventually([&] { return ids(watcher->view("g").members) == names; });
    };
    ASSERT_TRUE(a->create_group("g"));
    EXPECT_TRUE(shows({}));
    ASSERT_TRUE(a->join("g", nullptr));
    EXPECT_TRUE(shows({"a"}));
    {
      const auto b = member("b");
      ASSERT_TRUE(b->join("g", nullptr));
      EXPECT_TRUE(shows({"a", "b"}));
    }
    EXPECT_TRUE(shows({"a"})) << "a coordinator that ends leaves at once";
    {
      const auto c = short_lived("c");
      ASSERT_TRUE(c->join("g", nullptr));
      EXPECT_TRUE(shows({"a", "c"}));
      c.cut_off();
    }
    EXPECT_TRUE(shows({"a"})) << "one that is gone leaves with its lease";
  });
}

TEST_P(RecipeConformance, ChangesTellWhoJoinedAndLeft) {
  run([&] {
    const auto a = member("a");
    const auto watcher = member("watcher");
    ASSERT_TRUE(a->create_group("g"));
    ASSERT_TRUE(a->join("g", 1));
    EXPECT_EQ(ids(next_change(watcher, "g").joined), Names{"a"});
    EXPECT_TRUE(a->update_capabilities("g", 2));
    const GroupChange changed = next_change(watcher, "g");
    ASSERT_EQ(ids(changed.changed), Names{"a"});
    EXPECT_EQ(*changed.changed.front().capabilities, Value(2));
    EXPECT_TRUE(a->leave("g"));
    EXPECT_EQ(ids(next_change(watcher, "g").left), Names{"a"});
  });
}

TEST_P(RecipeConformance, AMemberThatLostItsLeaseReturnsAsANewIncarnation) {
  run([&] {
    const auto rejoined = env().make_event();
    const auto watcher = member("watcher");
    const auto a = member("a", {world->short_lease(), [&](const Lost&) { rejoined->set(); }});
    ASSERT_TRUE(a->create_group("g"));
    ASSERT_TRUE(a->join("g", "capabilities"));
    const GroupChange first = next_change(watcher, "g");
    ASSERT_EQ(ids(first.joined), Names{"a"});
    a.cut_off();
    const GroupChange gone = next_change(watcher, "g");
    EXPECT_EQ(ids(gone.left), Names{"a"});
    a.heal();
    EXPECT_TRUE(rejoined->wait_until(env().now() + kLimit, {}));
    const GroupChange back = next_change(watcher, "g");
    ASSERT_EQ(ids(back.joined), Names{"a"});
    EXPECT_NE(back.joined.front().incarnation, first.joined.front().incarnation);
    EXPECT_EQ(*back.joined.front().capabilities, Value("capabilities"));
  });
}

TEST_P(RecipeConformance, AMemberIdIsOfOneLiveProcess) {
  run([&] {
    const auto a = member("a");
    ASSERT_TRUE(a->create_group("g"));
    ASSERT_TRUE(a->join("g", 1));
    {
      const auto other = member("a");
      EXPECT_FALSE(other->join("g", 2));
    }
    EXPECT_EQ(*a->view("g").members.at(0).capabilities, Value(1));
  });
}

}  // namespace
}  // namespace tooz::conformance
