#include "tooz/conformance/backend_suite.h"

namespace tooz::conformance {
namespace {

using Names = std::vector<std::string>;
constexpr auto kNone = SessionId::kNone;

TEST_P(BackendConformance, CreateWritesOnlyWhatIsAbsent) {
  run([&] {
    EXPECT_EQ(backend->get("k"), std::nullopt);
    const auto revision = backend->create("k", "v", kNone);
    ASSERT_TRUE(revision);
    EXPECT_EQ(backend->create("k", "other", kNone), std::nullopt);
    const auto entry = backend->get("k");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->key, "k");
    EXPECT_EQ(entry->value, "v");
    EXPECT_EQ(entry->owner, kNone);
    EXPECT_EQ(entry->created, *revision);
    EXPECT_EQ(entry->revision, *revision);
  });
}

TEST_P(BackendConformance, ReplaceWantsTheRevisionThatStands) {
  run([&] {
    EXPECT_EQ(backend->replace("k", "v", 0), std::nullopt);
    const Revision first = backend->create("k", "1", kNone).value();
    const Revision second = backend->replace("k", "2", first).value();
    EXPECT_GT(second, first);
    EXPECT_EQ(backend->replace("k", "3", first), std::nullopt);
    EXPECT_EQ(backend->replace("k", "3", second + 1), std::nullopt);
    EXPECT_EQ(backend->replace("k", "3", 0), std::nullopt);
    const auto entry = backend->get("k");
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->value, "2");
    EXPECT_EQ(entry->created, first) << "the key was not made again";
    EXPECT_EQ(entry->revision, second);
  });
}

TEST_P(BackendConformance, RemoveWantsTheRevisionThatStands) {
  run([&] {
    EXPECT_FALSE(backend->remove("k", 0));
    const Revision first = backend->create("k", "1", kNone).value();
    const Revision second = backend->replace("k", "1", first).value();
    EXPECT_GT(second, first) << "the same value is a write as well";
    EXPECT_FALSE(backend->remove("k", first));
    EXPECT_FALSE(backend->remove("k", 0));
    EXPECT_TRUE(backend->get("k"));
    EXPECT_TRUE(backend->remove("k", second));
    EXPECT_EQ(backend->get("k"), std::nullopt);
    EXPECT_FALSE(backend->remove("k", second));
    EXPECT_EQ(backend->replace("k", "2", second), std::nullopt);
  });
}

TEST_P(BackendConformance, RevisionsGrowAcrossDeletionAndFromKeyToKey) {
  run([&] {
    Revision last = 0;
    for (int round = 0; round < 5; ++round) {
      for (const auto* key : {"one", "two"}) {
        const Revision created = backend->create(key, "v", kNone).value();
        EXPECT_GT(created, last);
        last = backend->replace(key, "w", created).value();
        EXPECT_GT(last, created);
      }
      for (const auto* key : {"one", "two"})
        ASSERT_TRUE(backend->remove(key, backend->get(key)->revision));
    }
  });
}

TEST_P(BackendConformance, WhoHasTheRevisionOfAPredecessorChangesNothing) {
  run([&] {
    const Revision before = backend->create("k", "before", kNone).value();
    ASSERT_TRUE(backend->remove("k", before));
    ASSERT_TRUE(backend->create("k", "after", kNone));
    EXPECT_FALSE(backend->remove("k", before));
    EXPECT_EQ(backend->replace("k", "late", before), std::nullopt);
    EXPECT_EQ(backend->get("k")->value, "after");
  });
}

TEST_P(BackendConformance, AGuardMayWantAKeyPresent) {
  run([&] {
    const Guard guard{.present = "group", .empty_prefix = {}};
    EXPECT_EQ(backend->create("group/m", "v", kNone, guard), std::nullopt);
    EXPECT_EQ(backend->get("group/m"), std::nullopt);
    const Revision group = backend->create("group", "", kNone).value();
    const auto member = backend->create("group/m", "v", kNone, guard);
    ASSERT_TRUE(member);
    ASSERT_TRUE(backend->remove("group", group));
    EXPECT_FALSE(backend->remove("group/m", *member, guard));
    EXPECT_TRUE(backend->remove("group/m", *member));
  });
}

TEST_P(BackendConformance, AGuardMayWantNothingBehindAPrefix) {
  run([&] {
    const Guard guard{.present = {}, .empty_prefix = "q/"};
    ASSERT_TRUE(backend->create("q/", "the prefix itself does not count", kNone));
    ASSERT_TRUE(backend->create("q0", "a neighbour above", kNone));
    ASSERT_TRUE(backend->create("q.", "a neighbour below", kNone));
    const Revision lock = backend->create("lock", "v", kNone, guard).value();
    const Revision waiter = backend->create("q/1", "", kNone).value();
    EXPECT_FALSE(backend->remove("lock", lock, guard));
    ASSERT_TRUE(backend->remove("lock", lock));
    EXPECT_EQ(backend->create("lock", "v", kNone, guard), std::nullopt);
    ASSERT_TRUE(backend->remove("q/1", waiter));
    EXPECT_TRUE(backend->create("lock", "v", kNone, guard));
  });
}

TEST_P(BackendConformance, AGuardMayWantBoth) {
  run([&] {
    const Guard guard{.present = "p", .empty_prefix = "e/"};
    EXPECT_EQ(backend->create("k", "", kNone, guard), std::nullopt) << "p is absent";
    ASSERT_TRUE(backend->create("p", "", kNone));
    const Revision in_the_way = backend->create("e/x", "", kNone).value();
    EXPECT_EQ(backend->create("k", "", kNone, guard), std::nullopt) << "e/ is not empty";
    ASSERT_TRUE(backend->remove("e/x", in_the_way));
    EXPECT_TRUE(backend->create("k", "", kNone, guard));
  });
}

TEST_P(BackendConformance, AListIsInKeyOrderAndHasTheKeyThatEqualsThePrefix) {
  run([&] {
    for (const auto* key : {"p/b", "p/", "p/\xff", "p/a", "p0", "o", "p/B"})
      ASSERT_TRUE(backend->create(key, std::string("value of ") + key, kNone));
    EXPECT_EQ(keys("p/"), (Names{"p/", "p/B", "p/a", "p/b", "p/\xff"}));
    EXPECT_EQ(keys("p"), (Names{"p/", "p/B", "p/a", "p/b", "p/\xff", "p0"}));
    EXPECT_EQ(keys("nothing"), Names{});
    for (const Entry& entry : backend->list("p/").entries)
      EXPECT_EQ(entry.value, "value of " + entry.key);
  });
}

TEST_P(BackendConformance, TheEmptyPrefixListsEverything) {
  run([&] {
    for (const auto* key : {"b", "a", "\x01", "\xff\xff"})
      ASSERT_TRUE(backend->create(key, "", kNone));
    EXPECT_EQ(keys(""), (Names{"\x01", "a", "b", "\xff\xff"}));
  });
}

TEST_P(BackendConformance, KeysAndValuesAreAnyBytes) {
  run([&] {
    std::string bytes;
    for (int i = 0; i < 256; ++i)
      bytes += static_cast<char>(i);
    const std::string nul("\0", 1);
    for (const auto& key :
         {"k\xff" + bytes, "k" + nul, "k" + nul + nul, std::string("k ../%2f'")}) {
      ASSERT_TRUE(backend->create(key, bytes + key, kNone));
      const auto entry = backend->get(key);
      ASSERT_TRUE(entry);
      EXPECT_EQ(entry->key, key);
      EXPECT_EQ(entry->value, bytes + key);
    }
    EXPECT_EQ(backend->list("k\xff").entries.size(), 1U);
    EXPECT_EQ(backend->list("k" + nul).entries.size(), 2U);
    EXPECT_EQ(backend->get("k"), std::nullopt);
    ASSERT_TRUE(backend->create("without value", "", kNone));
    EXPECT_EQ(backend->get("without value")->value, "");
  });
}

TEST_P(BackendConformance, AnEmptyKeyIsRefused) {
  run([&] {
    EXPECT_EQ(error_of([&] { backend->get(""); }), Errc::kBadName);
    EXPECT_EQ(error_of([&] { backend->create("", "v", kNone); }), Errc::kBadName);
    EXPECT_EQ(error_of([&] { backend->replace("", "v", 1); }), Errc::kBadName);
    EXPECT_EQ(error_of([&] { backend->remove("", 1); }), Errc::kBadName);
    EXPECT_EQ(keys(""), Names{});
  });
}

TEST_P(BackendConformance, TheLargestValueFitsAndOneByteMoreIsRefused) {
  run([&] {
    const std::string most(required_features(GetParam().scheme)->max_value, '\x80');
    const Revision big = backend->create("big", most, kNone).value();
    EXPECT_EQ(backend->get("big")->value, most);
    EXPECT_EQ(error_of([&] { backend->create("more", most + "x", kNone); }), Errc::kTooLarge);
    EXPECT_EQ(error_of([&] { backend->replace("big", most + "x", big); }), Errc::kTooLarge);
    EXPECT_EQ(backend->get("more"), std::nullopt);
    EXPECT_EQ(backend->get("big")->revision, big);
  });
}

TEST_P(BackendConformance, ValuesOfAHundredKilobytesAreListedWhole) {
  run([&] {
    const std::string value(100'000, '\0');
    for (int i = 0; i < 10; ++i)
      ASSERT_TRUE(backend->create("many/" + std::to_string(i), value, kNone));
    const Snapshot all = backend->list("many/");
    ASSERT_EQ(all.entries.size(), 10U);
    for (const Entry& entry : all.entries)
      EXPECT_EQ(entry.value, value);
  });
}

TEST_P(BackendConformance, AnotherClientSeesWhatWasAcknowledged) {
  TOOZ_NEEDS(linearizable);
  run([&] {
    const auto other = world->open();
    for (int i = 0; i < 20; ++i) {
      const std::string key = "k" + std::to_string(i);
      const Revision made = backend->create(key, "v", kNone).value();
      EXPECT_EQ(other->list(key).entries.size(), 1U);
      ASSERT_TRUE(other->remove(key, made));
      EXPECT_EQ(backend->get(key), std::nullopt);
    }
  });
}

TEST_P(BackendConformance, TheOriginIsOneTextForAllClients) {
  run([&] {
    const std::string origin = backend->origin();
    EXPECT_GE(origin.size(), 16U);
    EXPECT_EQ(world->open()->origin(), origin);
    ASSERT_TRUE(backend->create("k", "v", backend->open_session(kLongLease).id));
    EXPECT_EQ(backend->origin(), origin);
  });
}

TEST_P(BackendConformance, ARestartLosesNothingAndRevisionsGrowOn) {
  TOOZ_NEEDS(survives_restart);
  run([&] {
    const std::string origin = backend->origin();
    const Session session = backend->open_session(kLongLease);
    const Revision made = backend->create("r/kept", "v", kNone).value();
    const Revision owned = backend->create("r/owned", "v", session.id).value();
    const Revision removed = backend->create("r/removed", "v", kNone).value();
    ASSERT_TRUE(backend->remove("r/removed", removed));
    reopen();
    EXPECT_EQ(backend->origin(), origin);
    ASSERT_EQ(keys("r/"), (Names{"r/kept", "r/owned"}));
    EXPECT_EQ(backend->get("r/kept")->created, made);
    EXPECT_EQ(backend->get("r/owned")->created, owned);
    EXPECT_EQ(backend->get("r/owned")->owner, session.id);
    EXPECT_GT(backend->renew(session.id), Env::Duration::zero());
    EXPECT_GT(backend->create("r/removed", "again", kNone).value(), removed);
  });
}

}  // namespace
}  // namespace tooz::conformance
