#include "tests/support/free_port.h"
#include "tooz/drivers/etcd/testing/etcd_fixture.h"

#include <atomic>

namespace tooz::etcd {
namespace {

using namespace std::chrono_literals;
using support::EtcdServer;

TEST_F(Etcd, CreateWritesOnlyWhatIsAbsent) {
  EXPECT_EQ(backend->get("k"), std::nullopt);
  const auto revision = backend->create("k", "v", SessionId::kNone);
  ASSERT_TRUE(revision);
  EXPECT_EQ(backend->create("k", "other", SessionId::kNone), std::nullopt);
  const auto entry = backend->get("k");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->value, "v");
  EXPECT_EQ(entry->owner, SessionId::kNone);
  EXPECT_EQ(entry->created, *revision);
  EXPECT_EQ(entry->revision, *revision);
}

TEST_F(Etcd, ReplaceAndRemoveCompareTheRevision) {
  const Revision first = backend->create("k", "1", SessionId::kNone).value();
  const Revision second = backend->replace("k", "2", first).value();
  EXPECT_GT(second, first);
  EXPECT_EQ(backend->replace("k", "3", first), std::nullopt);
  EXPECT_FALSE(backend->remove("k", first));
  EXPECT_EQ(backend->get("k")->value, "2");
  EXPECT_EQ(backend->get("k")->created, first);
  EXPECT_TRUE(backend->remove("k", second));
  EXPECT_FALSE(backend->remove("k", second));
  EXPECT_EQ(backend->replace("k", "4", second), std::nullopt);
  EXPECT_FALSE(backend->remove("k", 0)) << "0 is no revision, not even of an absent key";
  EXPECT_EQ(backend->replace("k", "4", 0), std::nullopt);
}

TEST_F(Etcd, RevisionsGrowAcrossDeletion) {
  Revision last = 0;
  for (int i = 0; i < 5; ++i) {
    const Revision created = backend->create("k", "v", SessionId::kNone).value();
    EXPECT_GT(created, last);
    last = created;
    ASSERT_TRUE(backend->remove("k", created));
  }
}

TEST_F(Etcd, GuardWantsAKeyPresent) {
  const Guard guard{.present = "group", .empty_prefix = {}};
  EXPECT_EQ(backend->create("group/m", "v", SessionId::kNone, guard), std::nullopt);
  const Revision group = backend->create("group", "", SessionId::kNone).value();
  const auto member = backend->create("group/m", "v", SessionId::kNone, guard);
  ASSERT_TRUE(member);
  ASSERT_TRUE(backend->remove("group", group));
  EXPECT_FALSE(backend->remove("group/m", *member, guard));
  EXPECT_TRUE(backend->remove("group/m", *member));
}

TEST_F(Etcd, GuardWantsNothingBehindAPrefix) {
  const Guard guard{.present = {}, .empty_prefix = "q/"};
  ASSERT_TRUE(backend->create("q/", "the prefix itself does not count", SessionId::kNone));
  ASSERT_TRUE(backend->create("q0", "a neighbour", SessionId::kNone));
  const Revision lock = backend->create("lock", "v", SessionId::kNone, guard).value();
  const Revision waiter = backend->create("q/1", "", SessionId::kNone).value();
  EXPECT_FALSE(backend->remove("lock", lock, guard));
  ASSERT_TRUE(backend->remove("lock", lock));
  EXPECT_EQ(backend->create("lock", "v", SessionId::kNone, guard), std::nullopt);
  ASSERT_TRUE(backend->remove("q/1", waiter));
  EXPECT_TRUE(backend->create("lock", "v", SessionId::kNone, guard));
}

TEST_F(Etcd, BothGuardsAtOnce) {
  const Guard guard{.present = "p", .empty_prefix = "e/"};
  EXPECT_EQ(backend->create("k", "", SessionId::kNone, guard), std::nullopt);
  ASSERT_TRUE(backend->create("p", "", SessionId::kNone));
  ASSERT_TRUE(backend->create("e/x", "", SessionId::kNone));
  EXPECT_EQ(backend->create("k", "", SessionId::kNone, guard), std::nullopt);
  ASSERT_TRUE(backend->remove("e/x", backend->get("e/x")->revision));
  EXPECT_TRUE(backend->create("k", "", SessionId::kNone, guard));
}

TEST_F(Etcd, ListIsSortedAndIncludesThePrefixItself) {
  for (const auto* key : {"p/b", "p/", "p/a", "p0", "o"})
    ASSERT_TRUE(backend->create(key, key, SessionId::kNone));
  std::vector<std::string> keys;
  const Snapshot snapshot = backend->list("p/");
  for (const Entry& entry : snapshot.entries)
    keys.push_back(entry.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"p/", "p/a", "p/b"}));
  EXPECT_GE(snapshot.at, snapshot.entries.back().revision);
  EXPECT_EQ(backend->list("").entries.size(), 5U);
  EXPECT_TRUE(backend->list("nothing").entries.empty());
}

TEST_F(Etcd, KeysAndValuesMayBeAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  const std::string key = "k\xff" + bytes;
  ASSERT_TRUE(backend->create(key, bytes, SessionId::kNone));
  EXPECT_EQ(backend->get(key)->value, bytes);
  EXPECT_EQ(backend->list("k\xff").entries.size(), 1U);
  ASSERT_TRUE(backend->create("empty", "", SessionId::kNone));
  EXPECT_EQ(backend->get("empty")->value, "");
  EXPECT_EQ(error_of([&] { backend->get(""); }), Errc::kBadName);
}

TEST_F(Etcd, TheLargestValueFitsAndOneByteMoreIsRefused) {
  const std::string most(kEtcdFeatures.max_value, 'x');
  ASSERT_TRUE(backend->create("big", most, SessionId::kNone));
  EXPECT_EQ(backend->get("big")->value, most);
  EXPECT_EQ(error_of([&] { backend->create("more", most + "x", SessionId::kNone); }),
            Errc::kTooLarge);
  EXPECT_EQ(backend->get("more"), std::nullopt);
}

TEST_F(Etcd, AListLongerThanTheFlowControlWindowsComesWhole) {
  const std::string value(500'000, 'x');
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(backend->create("many/" + std::to_string(i), value, SessionId::kNone));
  const Snapshot all = backend->list("many/");
  ASSERT_EQ(all.entries.size(), 30U);
  for (const Entry& entry : all.entries)
    EXPECT_EQ(entry.value.size(), value.size());
}

TEST_F(Etcd, SessionsAreGrantedWholeSecondsAndRenewed) {
  const Session session = backend->open_session(4500ms);
  EXPECT_NE(session.id, SessionId::kNone);
  EXPECT_GE(session.ttl, 5s);
  EXPECT_GE(backend->renew(session.id), 5s);
  ASSERT_TRUE(backend->create("k", "v", session.id));
  EXPECT_EQ(backend->get("k")->owner, session.id);
  backend->close_session(session.id);
  EXPECT_EQ(backend->get("k"), std::nullopt);
  backend->close_session(session.id);  // once more is no error
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_EQ(error_of([&] { backend->create("k", "v", session.id); }), Errc::kSessionLost);
}

TEST_F(Etcd, AnExpiredSessionTakesItsKeysAlong) {
  const Session session = backend->open_session(1s);
  ASSERT_TRUE(backend->create("mine", "v", session.id));
  ASSERT_TRUE(backend->create("nobodys", "v", SessionId::kNone));
  expect_wakes("mine", [] {});
  EXPECT_EQ(backend->get("mine"), std::nullopt);
  EXPECT_TRUE(backend->get("nobodys"));
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
}

TEST_F(Etcd, ReplaceKeepsTheOwner) {
  const Session session = backend->open_session(30s);
  const Revision created = backend->create("k", "1", session.id).value();
  ASSERT_TRUE(backend->replace("k", "2", created));
  EXPECT_EQ(backend->get("k")->owner, session.id);
  backend->close_session(session.id);
  EXPECT_EQ(backend->get("k"), std::nullopt);
}

TEST_F(Etcd, AStoppedServerIsUnreachableWithinTheTimeoutAndUsableAfterwards) {
  const auto impatient = open(server->url("timeout=1"));
  ASSERT_TRUE(impatient->create("k", "v", SessionId::kNone));
  server->pause();
  for (int i = 0; i < 2; ++i) {
    const auto before = env().now();
    EXPECT_EQ(error_of([&] { impatient->get("k"); }), Errc::kUnreachable);
    EXPECT_LT(env().now() - before, 10s) << "the timeout is 1 s";
  }
  const auto before = env().now();
  EXPECT_EQ(error_of([&] { impatient->wait_change("k", 1, before + 60s, {}); }),
            Errc::kUnreachable);
  EXPECT_LT(env().now() - before, 10s);
  server->resume();
  EXPECT_TRUE(
      support::eventually([&] { return !error_of([&] { impatient->get("k"); }).has_value(); }));
}

TEST_F(Etcd, ARestartedServerIsFoundAgainWithAllItsData) {
  const Revision created = backend->create("k", "v", SessionId::kNone).value();
  const std::string origin = backend->origin();
  server->kill();
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
  server->start();
  EXPECT_TRUE(
      support::eventually([&] { return !error_of([&] { backend->get("k"); }).has_value(); }));
  EXPECT_EQ(backend->get("k")->created, created);
  EXPECT_EQ(backend->origin(), origin);
}

TEST_F(Etcd, TheOriginIsSharedAndGoesWithTheData) {
  const std::string origin = backend->origin();
  EXPECT_GE(origin.size(), 16U);
  EXPECT_EQ(open(server->url())->origin(), origin);
  server->stop();
  server->wipe();
  server->start();
  EXPECT_TRUE(
      support::eventually([&] { return !error_of([&] { backend->get("k"); }).has_value(); }));
  EXPECT_NE(backend->origin(), origin);
}

TEST_F(Etcd, TheOriginIsReadAgainWithANewSession) {
  const std::string origin = backend->origin();
  server->ctl({"put", "tooz-cc/origin", "another"});
  EXPECT_EQ(backend->origin(), origin) << "kept in between";
  backend->open_session(10s);
  EXPECT_EQ(backend->origin(), "another");
}

TEST_F(Etcd, SixtyFourThreadsAtOnce) {
  constexpr int kThreads = 64;
  std::atomic<int> created = 0;
  std::vector<std::unique_ptr<Background>> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.push_back(std::make_unique<Background>(env(), [&, i] {
      for (int round = 0; round < 10; ++round) {
        if (backend->create("contended/" + std::to_string(round), "v", SessionId::kNone)) ++created;
        const std::string own = "own/" + std::to_string(i);
        const auto revision = backend->create(own, "v", SessionId::kNone);
        EXPECT_TRUE(revision && backend->remove(own, *revision));
      }
    }));
  threads.clear();
  EXPECT_EQ(created, 10) << "each contended key is created once";
  EXPECT_TRUE(backend->list("own/").entries.empty());
}

TEST_F(Etcd, ADeadEndpointIsPassedOver) {
  const std::string dead = "127.0.0.1:" + std::to_string(support::free_port());
  const auto both = open("etcd3://" + dead + "," + server->host() + "?timeout=5");
  EXPECT_TRUE(both->create("k", "v", SessionId::kNone));
}

TEST_F(Etcd, ReadsGoToTheNextEndpointWhenOneIsStopped) {
  EtcdServer other;
  const auto both = open("etcd3://" + other.host() + "," + server->host() + "?timeout=6");
  ASSERT_TRUE(backend->create("where", "second", SessionId::kNone));
  ASSERT_EQ(both->get("where"), std::nullopt) << "the first is asked first";
  other.pause();
  const auto found = both->get("where");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->value, "second");
}

TEST_F(Etcd, ABackendCanBeClosedWhileTheServerIsStopped) {
  ASSERT_EQ(backend->get("k"), std::nullopt);
  server->pause();
  backend.reset();
}

TEST_F(Etcd, SomebodyElseOnThePortIsUnreachable) {
  const auto tls_to_plain = open("etcd3+https://" + server->host() + "?timeout=2");
  EXPECT_EQ(error_of([&] { tls_to_plain->get("k"); }), Errc::kUnreachable);
}

}  // namespace
}  // namespace tooz::etcd
