#include "tooz/drivers/etcd/etcd.h"

#include "tests/support/etcd_server.h"
#include "tests/support/free_port.h"
#include "tooz/error.h"
#include "tooz/url.h"

#include <gtest/gtest.h>

#include <atomic>

namespace tooz {
namespace {

using namespace std::chrono_literals;
using support::EtcdServer;

Env& env() { return base::system_env(); }

std::unique_ptr<Backend> open(const std::string& url) { return open_etcd(env(), parse_url(url)); }

// Nullopt: it did not throw.
template <class Action>
std::optional<Errc> error_of(Action action) {
  try {
    action();
  } catch (const Error& e) {
    return static_cast<Errc>(e.code().value());
  }
  return std::nullopt;
}

/// A thread in a test: begins at once, joined at the end. What it throws fails the test.
class Background {
 public:
  explicit Background(std::function<void()> body) : ended_(env().make_event()) {
    thread_ = env().spawn("test", [this, body = std::move(body)](const std::stop_token&) {
      try {
        body();
      } catch (const std::exception& e) {
        ADD_FAILURE() << e.what();
      }
      ended_->set();
    });
  }
  bool ends_within(std::chrono::seconds limit) {
    return ended_->wait_until(env().now() + limit, {});
  }

 private:
  std::unique_ptr<Env::Event> ended_;
  std::unique_ptr<Env::Thread> thread_;
};

class Etcd : public testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdServer::installed()) GTEST_SKIP() << "/usr/bin/etcd is not installed";
    server = std::make_unique<EtcdServer>();
    backend = open(server->url("timeout=3"));
  }

  void change(const std::string& key) {
    const auto now = backend->get(key);
    ASSERT_TRUE(now && backend->replace(key, "changed", now->revision));
  }
  // False: the wait had to be stopped.
  bool wait_ends(const std::string& prefix, Revision at) {
    std::stop_source stop;
    Background waiter(
        [&] { backend->wait_change(prefix, at, Env::TimePoint::max(), stop.get_token()); });
    const bool ended = waiter.ends_within(15s);
    stop.request_stop();
    return ended;
  }
  // Waits on `prefix` until `act`, made at the same time, has woken it.
  void expect_wakes(const std::string& prefix, const std::function<void()>& act) {
    const Revision at = backend->list(prefix).at;
    Background waiter([&] { backend->wait_change(prefix, at, env().now() + 30s, {}); });
    act();
    EXPECT_TRUE(waiter.ends_within(15s));
  }

  std::unique_ptr<EtcdServer> server;
  std::unique_ptr<Backend> backend;
};

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

TEST_F(Etcd, AWaitIsWokenByEveryKindOfChange) {
  const Session session = backend->open_session(30s);
  expect_wakes("w/", [&] { backend->create("w/k", "v", session.id); });
  expect_wakes("w/", [&] { change("w/k"); });
  expect_wakes("w/", [&] { backend->remove("w/k", backend->get("w/k")->revision); });
  ASSERT_TRUE(backend->create("w/k", "v", session.id));
  expect_wakes("w/", [&] { backend->close_session(session.id); });
}

TEST_F(Etcd, AWaitSeesWhatHappenedBeforeItBegan) {
  const Revision at = backend->list("w/").at;
  ASSERT_TRUE(backend->create("w/k", "v", SessionId::kNone));
  EXPECT_TRUE(wait_ends("w/", at));
}

TEST_F(Etcd, AWaitSleepsWhileItsPrefixIsUnchanged) {
  const Revision at = backend->list("w/").at;
  ASSERT_TRUE(backend->create("elsewhere", "v", SessionId::kNone));
  const auto deadline = env().now() + 300ms;
  backend->wait_change("w/", at, deadline, {});
  EXPECT_GE(env().now(), deadline);
}

TEST_F(Etcd, AWaitEndsAtOnceWhenItIsStopped) {
  const Revision at = backend->list("w/").at;
  std::stop_source stop;
  Background waiter(
      [&] { backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token()); });
  EXPECT_FALSE(waiter.ends_within(0s));
  stop.request_stop();
  EXPECT_TRUE(waiter.ends_within(10s));
  backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token());
}

TEST_F(Etcd, AWaitOnCompactedRevisionsReturns) {
  const Revision at = backend->list("w/").at;
  Revision last = backend->create("k", "0", SessionId::kNone).value();
  for (int i = 0; i < 5; ++i)
    last = backend->replace("k", "v", last).value();
  server->compact(last);
  EXPECT_TRUE(wait_ends("w/", at));
  const Revision fresh = backend->list("w/").at;
  const auto deadline = env().now() + 200ms;
  backend->wait_change("w/", fresh, deadline, {});
  EXPECT_GE(env().now(), deadline);
}

TEST_F(Etcd, AWaitEndsWhenTheServerRestartsAndWorksAgain) {
  ASSERT_TRUE(backend->create("w/k", "v", SessionId::kNone));
  const Revision at = backend->list("w/").at;
  // Whether the watch stood already decides between a return and kUnreachable; neither sleeps on.
  std::optional<Errc> error;
  Background waiter([&] {
    error = error_of([&] { backend->wait_change("w/", at, Env::TimePoint::max(), {}); });
  });
  server->kill();
  server->start();
  ASSERT_TRUE(waiter.ends_within(15s));
  EXPECT_EQ(error.value_or(Errc::kUnreachable), Errc::kUnreachable);
  EXPECT_EQ(backend->list("w/").at, at);
  expect_wakes("w/", [&] { change("w/k"); });
}

TEST_F(Etcd, AWaitDoesNotKeepAServerFromStopping) {
  const Revision at = backend->list("w/").at;
  Background waiter(
      [&] { error_of([&] { backend->wait_change("w/", at, Env::TimePoint::max(), {}); }); });
  server->stop();
  EXPECT_TRUE(waiter.ends_within(15s));
}

TEST_F(Etcd, AWaitEndsWhenItsServerStandsStill) {
  const auto impatient = open(server->url("timeout=1"));
  const Revision at = impatient->list("w/").at;
  Background waiter(
      [&] { error_of([&] { impatient->wait_change("w/", at, Env::TimePoint::max(), {}); }); });
  server->pause();
  EXPECT_TRUE(waiter.ends_within(30s));
}

TEST_F(Etcd, WaitsLeaveNoWatcherBehind) {
  const Revision at = backend->list("w/").at;
  std::stop_source stop;
  std::vector<std::unique_ptr<Background>> waiters;
  for (int i = 0; i < 20; ++i)
    waiters.push_back(std::make_unique<Background>(
        [&] { backend->wait_change("w/", at, Env::TimePoint::max(), stop.get_token()); }));
  const auto watchers = [&] {
    const std::string metrics =
        support::run({"curl", "-s", "http://" + server->host() + "/metrics"});
    const std::string name = "\netcd_debugging_mvcc_watcher_total ";
    return std::stoi(metrics.substr(metrics.find(name) + name.size()));
  };
  EXPECT_TRUE(support::eventually([&] { return watchers() == 20; }));
  stop.request_stop();
  waiters.clear();
  EXPECT_TRUE(support::eventually([&] { return watchers() == 0; }));
}

TEST_F(Etcd, AWaitOnAWipedServerReturns) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(backend->create("k" + std::to_string(i), "v", SessionId::kNone));
  const Revision at = backend->list("").at;
  server->stop();
  server->wipe();
  server->start();
  EXPECT_TRUE(wait_ends("", at));
  EXPECT_LT(backend->list("").at, at);
}

TEST_F(Etcd, MoreWaitsThanStreamsStillEnd) {
  const Revision at = backend->list("w/").at;
  std::vector<std::unique_ptr<Background>> waiters;
  for (int i = 0; i < 230; ++i)
    waiters.push_back(std::make_unique<Background>(
        [&] { backend->wait_change("w/", at, env().now() + 60s, {}); }));
  ASSERT_TRUE(backend->create("w/k", "v", SessionId::kNone));
  for (auto& waiter : waiters)
    EXPECT_TRUE(waiter->ends_within(30s));
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
    threads.push_back(std::make_unique<Background>([&, i] {
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

class EtcdTls : public testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdServer::installed()) GTEST_SKIP() << "/usr/bin/etcd is not installed";
  }
};

TEST_F(EtcdTls, AKnownAuthorityIsTrustedAndAnUnknownOneIsNot) {
  const EtcdServer server({.tls = true, .client_certificates = false, .root_password = ""});
  const auto backend = open(server.url("timeout=5"));
  ASSERT_TRUE(backend->create("k", std::string(1'000'000, 'x'), SessionId::kNone));
  EXPECT_EQ(backend->get("k")->value.size(), 1'000'000U);

  const auto stranger = open("etcd3+https://" + server.host() + "?timeout=5");
  EXPECT_EQ(error_of([&] { stranger->get("k"); }), Errc::kUnreachable);
  const auto by_name = open("etcd3+https://localhost:" + std::to_string(server.port()) +
                            "?timeout=5&ca_cert=" + server.certificates().ca.string());
  EXPECT_TRUE(by_name->get("k"));
  const auto wrong_name = open("etcd3+https://127.0.0.2:" + std::to_string(server.port()) +
                               "?timeout=5&ca_cert=" + server.certificates().ca.string());
  EXPECT_EQ(error_of([&] { wrong_name->get("k"); }), Errc::kUnreachable);
  const auto no_file = open("etcd3+https://" + server.host() + "?timeout=5&ca_cert=/nonexistent");
  EXPECT_EQ(error_of([&] { no_file->get("k"); }), Errc::kUnreachable);
  const auto plain_to_tls = open("etcd3+http://" + server.host() + "?timeout=2");
  EXPECT_EQ(error_of([&] { plain_to_tls->get("k"); }), Errc::kUnreachable);
}

TEST_F(EtcdTls, AServerMayWantACertificateOfOurs) {
  const EtcdServer server({.tls = true, .client_certificates = true, .root_password = ""});
  EXPECT_TRUE(open(server.url("timeout=5"))->create("k", "v", SessionId::kNone));
  const auto without = open("etcd3+https://" + server.host() +
                            "?timeout=5&ca_cert=" + server.certificates().ca.string());
  EXPECT_EQ(error_of([&] { without->get("k"); }), Errc::kUnreachable);
}

class EtcdUsers : public testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdServer::installed()) GTEST_SKIP() << "/usr/bin/etcd is not installed";
    server = std::make_unique<EtcdServer>(
        EtcdServer::Options{.tls = false, .client_certificates = false, .root_password = "secret"});
  }
  std::unique_ptr<EtcdServer> server;
};

TEST_F(EtcdUsers, TheRightPasswordOpensAndAWrongOneIsDenied) {
  const auto root = open(server->url("timeout=5", "root:secret@"));
  EXPECT_TRUE(root->create("k", "v", SessionId::kNone));
  const Session session = root->open_session(10s);
  EXPECT_GT(root->renew(session.id), 0s);
  for (const auto* user : {"", "root:wrong@", "nobody:secret@"}) {
    const auto denied = open(server->url("timeout=5", user));
    EXPECT_EQ(error_of([&] { denied->get("k"); }), Errc::kDenied) << user;
  }
}

TEST_F(EtcdUsers, AWaitWithoutTheRightIsDenied) {
  server->ctl({"user", "add", "joe:pass"});
  server->ctl({"role", "add", "reader"});
  server->ctl({"role", "grant-permission", "--prefix=true", "reader", "read", "joes/"});
  server->ctl({"user", "grant-role", "joe", "reader"});
  const auto joe = open(server->url("timeout=5", "joe:pass@"));
  EXPECT_TRUE(joe->list("joes/").entries.empty());
  EXPECT_EQ(error_of([&] { joe->list("others/"); }), Errc::kDenied);
  EXPECT_EQ(error_of([&] { joe->create("joes/k", "v", SessionId::kNone); }), Errc::kDenied);
  EXPECT_EQ(error_of([&] { joe->wait_change("others/", 1, env().now() + 30s, {}); }),
            Errc::kDenied);
  const auto deadline = env().now() + 200ms;
  joe->wait_change("joes/", joe->list("joes/").at, deadline, {});
  EXPECT_GE(env().now(), deadline);
}

TEST_F(EtcdUsers, ATokenThatTheServerForgotIsReplaced) {
  const auto root = open(server->url("timeout=5", "root:secret@"));
  ASSERT_TRUE(root->create("k", "v", SessionId::kNone));
  const auto forget_tokens = [&] {
    server->ctl({"auth", "disable"});
    server->ctl({"auth", "enable"});
  };
  forget_tokens();
  std::vector<std::unique_ptr<Background>> threads;
  for (int i = 0; i < 16; ++i)
    threads.push_back(std::make_unique<Background>(
        [&, i] { EXPECT_TRUE(root->create("k" + std::to_string(i), "", SessionId::kNone)); }));
  threads.clear();

  const Revision at = root->list("w/").at;
  forget_tokens();
  Background waiter([&] { root->wait_change("w/", at, env().now() + 30s, {}); });
  EXPECT_TRUE(root->create("w/k", "v", SessionId::kNone));
  EXPECT_TRUE(waiter.ends_within(15s));
}

TEST_F(EtcdUsers, AServerThatRestartsAsksNobodyToOpenTheBackendAgain) {
  const auto root = open(server->url("timeout=5", "root:secret@"));
  ASSERT_TRUE(root->create("k", "v", SessionId::kNone));
  server->kill();
  server->start();
  EXPECT_TRUE(support::eventually([&] { return !error_of([&] { root->get("k"); }).has_value(); }));
}

TEST_F(EtcdUsers, AServerWithoutUsersTakesAnybody) {
  const EtcdServer open_to_all;
  const auto backend = open(open_to_all.url("timeout=5", "joe:pass@"));
  EXPECT_TRUE(backend->create("k", "v", SessionId::kNone));
}

TEST_F(EtcdUsers, NoErrorShowsThePassword) {
  const auto wrong = open(server->url("timeout=5", "root:pa55word@"));
  try {
    wrong->get("k");
    ADD_FAILURE() << "let in";
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).find("pa55word"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tooz
