#include "tooz/drivers/sql_kv/testing/sql_suite.h"

#include "tests/support/free_port.h"
#include "tests/support/process.h"

#include <ostream>
#include <vector>

namespace tooz::sql_kv {

using namespace std::chrono_literals;
constexpr auto kNone = SessionId::kNone;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SqlServers);

void PrintTo(const SqlSubject& subject, std::ostream* out) { *out << subject.name; }

void SqlServers::SetUp() {
  world = GetParam().make();
  backend = world->open(world->url() + "?timeout=20");
}

void SqlServers::works_again() {
  EXPECT_TRUE(support::eventually([&] { return !error_of([&] { backend->get("k"); }); }, kLimit));
}

void SqlServers::expect_wakes(const std::string& prefix, const std::function<void()>& act) {
  const Revision at = backend->list(prefix).at;
  Background waiter(env(), [&] { backend->wait_change(prefix, at, env().now() + 2 * kLimit, {}); });
  act();
  EXPECT_TRUE(waiter.ends_within(kLimit)) << "nobody woke it";
}

namespace {

TEST_P(SqlServers, AWrongPasswordIsDeniedAndNotShown) {
  const auto wrong = world->open(world->url("", "pa55word") + "?timeout=20");
  try {
    wrong->get("k");
    FAIL() << "let in";
  } catch (const Error& e) {
    const std::string text = e.what();
    EXPECT_EQ(e.code(), Errc::kDenied) << text;
    EXPECT_EQ(text.find("pa55word"), std::string::npos) << text;
    EXPECT_NE(text.find("test"), std::string::npos) << text;
    EXPECT_NE(text.find("127.0.0.1"), std::string::npos) << text;
  }
}

TEST_P(SqlServers, ACrashLosesNothingAndRevisionsGrowOn) {
  const std::string origin = backend->origin();
  const Session session = backend->open_session(120s);
  const Revision kept = backend->create("k", "v", kNone).value();
  const Revision owned = backend->create("owned", "v", session.id).value();
  const Revision removed = backend->create("removed", "v", kNone).value();
  ASSERT_TRUE(backend->remove("removed", removed));
  world->kill();
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
  world->start();
  works_again();
  EXPECT_EQ(backend->get("k")->created, kept);
  EXPECT_EQ(backend->get("owned")->created, owned);
  EXPECT_EQ(backend->origin(), origin);
  EXPECT_GT(backend->renew(session.id), 0s);
  EXPECT_GT(backend->create("removed", "again", kNone).value(), removed);
}

TEST_P(SqlServers, AWaitOutlivesARestartOfTheServer) {
  ASSERT_TRUE(backend->create("w/k", "v", kNone));
  const Revision at = backend->list("w/").at;
  Background waiter(env(), [&] {
    const auto deadline = env().now() + 2 * kLimit;
    std::size_t seen = 1;
    while (env().now() < deadline && seen == 1) {
      error_of([&] {
        backend->wait_change("w/", at, deadline, {});
        seen = backend->list("w/").entries.size();
      });
    }
    EXPECT_EQ(seen, 2U);
  });
  world->stop();
  world->start();
  works_again();
  ASSERT_TRUE(backend->create("w/other", "v", kNone));
  EXPECT_TRUE(waiter.ends_within(kLimit));
  expect_wakes("w/", [&] { backend->create("w/more", "v", kNone); });
}

TEST_P(SqlServers, ALockIsHeldThroughARestartOfTheServer) {
  const std::string url = world->url() + "?timeout=2&lock_timeout=60";
  Coordinator a(env(), url, {.member_id = "a"});
  Coordinator b(env(), url, {.member_id = "b"});
  auto held = a.lock("x").try_acquire();
  ASSERT_TRUE(held);
  world->stop();
  world->start();
  works_again();
  EXPECT_FALSE(held->lost().stop_requested());
  EXPECT_GT(held->remaining(), 0s);
  std::optional<LockGuard> others;
  EXPECT_TRUE(support::eventually(
      [&] { return !error_of([&] { others = b.lock("x").try_acquire(); }); }, kLimit));
  EXPECT_FALSE(others);
  held->release();
  const auto next = b.lock("x").acquire({}, env().now() + kLimit);
  ASSERT_TRUE(next);
  EXPECT_GT(next->token().number, held->token().number);
}

TEST_P(SqlServers, AServerThatPausesLongerThanTheLeaseCostsTheLock) {
  const std::string url = world->url() + "?timeout=1&lock_timeout=2";
  Coordinator a(env(), url, {.member_id = "a"});
  auto held = a.lock("x").try_acquire();
  ASSERT_TRUE(held);
  const auto lost = env().make_event();
  const std::stop_callback callback(held->lost(), [&] { lost->set(); });
  world->pause();
  EXPECT_TRUE(lost->wait_until(env().now() + kLimit, {}));
  EXPECT_EQ(held->remaining(), 0s);
  world->resume();
  Coordinator b(env(), url, {.member_id = "b"});
  std::optional<LockGuard> next;
  EXPECT_TRUE(support::eventually(
      [&] {
        error_of([&] { next = b.lock("x").acquire({}, env().now() + kLimit); });
        return next.has_value();
      },
      2 * kLimit));
  ASSERT_TRUE(next);
  EXPECT_GT(next->token().number, held->token().number);
}

TEST_P(SqlServers, AServerThatStandsStillIsUnreachableWithinTheTimeout) {
  const auto impatient = world->open(world->url() + "?timeout=1");
  const auto stranger = world->open(world->url() + "?timeout=1");
  ASSERT_TRUE(impatient->create("k", "v", kNone));
  const Revision at = impatient->list("k").at;
  world->pause();
  const auto before = env().now();
  EXPECT_EQ(error_of([&] { impatient->get("k"); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { impatient->create("k", "v", kNone); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { stranger->get("k"); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { impatient->wait_change("k", at, Env::TimePoint::max(), {}); }),
            Errc::kUnreachable);
  EXPECT_LT(env().now() - before, 30s) << "the timeout is 1 s";
  world->resume();
  EXPECT_TRUE(support::eventually([&] { return !error_of([&] { impatient->get("k"); }); }, kLimit));
}

TEST_P(SqlServers, ABackendCanBeClosedWhileTheServerStandsStill) {
  auto closing = world->open(world->url() + "?timeout=1");
  const Revision at = closing->list("w/").at;
  std::stop_source stop;
  Background waiter(env(), [&] {
    error_of([&] { closing->wait_change("w/", at, Env::TimePoint::max(), stop.get_token()); });
  });
  ASSERT_TRUE(closing->create("k", "v", kNone));
  world->pause();
  stop.request_stop();
  EXPECT_TRUE(waiter.ends_within(kLimit));
  closing.reset();
  world->resume();
}

TEST_P(SqlServers, AConnectionThatIsCutIsReplacedWithoutANoise) {
  ASSERT_TRUE(backend->create("k", "v", kNone));
  expect_wakes("w/", [&] { backend->create("w/1", "v", kNone); });
  for (int round = 0; round < 3; ++round) {
    world->cut_connections();
    EXPECT_EQ(backend->get("k")->value, "v");
    world->cut_connections();
    EXPECT_TRUE(backend->create("written/" + std::to_string(round), "v", kNone));
  }
  expect_wakes("w/", [&] {
    world->cut_connections();
    backend->create("w/2", "v", kNone);
  });
}

TEST_P(SqlServers, AHostThatDoesNotAnswerIsPassedOver) {
  const std::string dead = "127.0.0.1:" + std::to_string(support::free_port());
  const auto both = world->open(world->url(dead + ",") + "?timeout=20");
  EXPECT_TRUE(both->create("k", "v", kNone));
  EXPECT_TRUE(backend->get("k"));
}

TEST_P(SqlServers, AServerThatTakesNoWritesIsPassedOver) {
  const std::string reader = world->start_read_only();
  const auto both = world->open(world->url(reader) + "?timeout=20");
  ASSERT_TRUE(both->create("k", "v", kNone));
  EXPECT_TRUE(backend->get("k")) << "it went to the one that takes them";
}

TEST_P(SqlServers, TablesThatVanishAreMadeAgainWithAnotherOrigin) {
  const Session session = backend->open_session(60s);
  ASSERT_TRUE(backend->create("k", "v", session.id));
  const std::string origin = backend->origin();
  world->sql(
      "DROP TABLE tooz_cc_state; DROP TABLE tooz_cc_key; DROP TABLE tooz_cc_session;"
      "DROP TABLE tooz_cc_change");
  EXPECT_EQ(backend->get("k"), std::nullopt);
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_NE(backend->origin(), origin);
  EXPECT_TRUE(backend->create("k", "v", kNone));
}

// A lease that ends further away than its whole length was counted by a clock that was put back.
TEST_P(SqlServers, TablesOfAnEarlierVersionAreBroughtUpToDateByWhoeverComesFirst) {
  const Session session = backend->open_session(120s);
  const Revision kept = backend->create("old", "v", session.id).value();
  const std::string origin = backend->origin();
  world->sql("ALTER TABLE tooz_cc_change DROP COLUMN created");
  std::vector<std::unique_ptr<Background>> starting;
  for (const std::string name : {"a", "b", "c", "d"})
    starting.push_back(std::make_unique<Background>(env(), [this, name] {
      const auto one = world->open(world->url() + "?timeout=20");
      EXPECT_TRUE(one->create(name, "v", kNone));
    }));
  EXPECT_TRUE(backend->create("here", "v", session.id)) << "who was connected before";
  for (const auto& one : starting)
    ASSERT_TRUE(one->ends_within(kLimit));
  EXPECT_EQ(backend->list("").entries.size(), 6U);
  EXPECT_EQ(backend->get("old")->created, kept);
  EXPECT_EQ(backend->origin(), origin);
  EXPECT_FALSE(backend->next_changes("", kept - 1, env().now(), {})) << "it was not noted";
  const auto changes = backend->next_changes("", kept, env().now(), {});
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->list.size(), 5U);
  world->sql("INSERT INTO tooz_cc_change (revision, name) SELECT revision, 'x' FROM tooz_cc_state");
  EXPECT_FALSE(backend->next_changes("", kept, env().now(), {})) << "an old process still writes";
}

TEST_P(SqlServers, AClockThatIsPutBackDoesNotKeepTheDeadAlive) {
  const Session dead = backend->open_session(1s);
  ASSERT_TRUE(backend->create("k", "v", dead.id));
  world->sql("UPDATE tooz_cc_session SET ends = ends + 3600000000");
  backend->open_session(60s);
  EXPECT_TRUE(support::eventually([&] { return !backend->get("k"); }, kLimit));
}

TEST_P(SqlServers, WhatHasEndedIsRemovedBeforeItIsToldToBeGone) {
  const Session session = backend->open_session(60s);
  const Revision made = backend->create("k", "v", session.id).value();
  world->sql("UPDATE tooz_cc_session SET ends = 1");
  EXPECT_EQ(backend->get("k"), std::nullopt);
  EXPECT_EQ(world->sql("SELECT COUNT(*) FROM tooz_cc_key"), "0\n");
  EXPECT_GT(backend->list("").at, made);
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
}

TEST_P(SqlServers, AKeyThatNoIndexTakesIsRefused) {
  const std::string longest(2048, '\xff');
  EXPECT_TRUE(backend->create(longest, "v", kNone));
  EXPECT_TRUE(backend->get(longest));
  expect_wakes(longest, [&] { backend->remove(longest, backend->get(longest)->revision); });
  EXPECT_EQ(error_of([&] { backend->create(longest + "x", "v", kNone); }), Errc::kBadName);
}

}  // namespace
}  // namespace tooz::sql_kv
