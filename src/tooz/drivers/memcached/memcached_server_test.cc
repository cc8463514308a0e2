#include "tooz/drivers/memcached/memcached.h"

#include "tests/support/free_port.h"
#include "tests/support/memcached_server.h"
#include "tooz/coordinator.h"
#include "tooz/testing/background.h"
#include "tooz/url.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;
using support::MemcachedServer;
constexpr auto kNone = SessionId::kNone;

Env& env() { return base::system_env(); }

std::unique_ptr<Backend> open(const std::string& url) {
  return open_memcached(env(), parse_url(url));
}

/// Asks for the lock again and again, as a process would.
std::optional<LockGuard> acquire(Coordinator& coordinator) {
  const auto deadline = env().now() + 60s;
  for (;;) {
    try {
      return coordinator.lock("x").acquire({}, deadline);
    } catch (const Error&) {
      if (env().now() >= deadline) return std::nullopt;
    }
  }
}

TEST(Memcached, AFlushIsAnotherOriginAndNoRevisionComesTwice) {
  MemcachedServer server;
  const auto backend = open(server.url("timeout=20"));
  const auto other = open(server.url("timeout=20"));
  const std::string origin = backend->origin();
  const Session session = backend->open_session(2min);
  Revision last = backend->create("k", "v", session.id).value();
  for (int i = 0; i < 20; ++i)
    last = backend->replace("k", "v", last).value();
  server.ask("flush_all\r\nquit\r\n");
  const Session next = other->open_session(2min);
  EXPECT_GT(other->create("k", "after", next.id).value(), last);
  EXPECT_NE(other->origin(), origin);
  EXPECT_EQ(backend->origin(), other->origin());
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_EQ(error_of([&] { backend->create("l", "", session.id); }), Errc::kSessionLost);
  EXPECT_FALSE(backend->remove("k", last));
  EXPECT_EQ(backend->get("k")->value, "after");
}

TEST(Memcached, ARestartLosesTheLocksToAnotherOrigin) {
  MemcachedServer server;
  Options options;
  options.lease = 3s;
  Coordinator holder(env(), server.url(), options);
  auto held = holder.lock("x").try_acquire();
  ASSERT_TRUE(held);
  const auto lost = env().make_event();
  const std::stop_callback at_loss(held->lost(), [&] { lost->set(); });
  server.kill();
  server.start();
  Coordinator successor(env(), server.url(), options);
  const auto next = acquire(successor);
  ASSERT_TRUE(next);
  EXPECT_NE(next->token().origin, held->token().origin);
  EXPECT_GT(next->token().number, held->token().number);
  EXPECT_TRUE(lost->wait_until(env().now() + 60s, {}));
}

TEST(Memcached, WhoReadBeforeARestartDoesNotWriteItBack) {
  MemcachedServer server;
  const auto backend = open(server.url());
  const auto other = open(server.url());
  const Revision made = backend->create("k", "before", kNone).value();
  server.kill();
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
  server.start();
  EXPECT_EQ(backend->replace("k", "after", made), std::nullopt);
  EXPECT_EQ(other->get("k"), std::nullopt);
}

TEST(Memcached, ABeatThatWasEvictedEndsTheSessionButNotBeforeItsTime) {
  MemcachedServer server;
  const auto backend = open(server.url("timeout=20"));
  const auto other = open(server.url("timeout=20"));
  const Session session = backend->open_session(1s);
  ASSERT_TRUE(backend->create("w/k", "v", session.id));
  server.ask("delete tooz-cc:beat:" + backend->origin() + ":" +
             std::to_string(static_cast<std::uint64_t>(session.id)) + "\r\nquit\r\n");
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_EQ(other->create("w/k", "", kNone), std::nullopt) << "its holder may still count on it";
  const auto deadline = env().now() + 60s;
  while (other->get("w/k") && env().now() < deadline)
    other->wait_change("w/", other->list("w/").at, deadline, {});
  EXPECT_EQ(other->get("w/k"), std::nullopt);
}

TEST(Memcached, WhoOnlyTriesNowAndThenFindsADeadHoldersLockFree) {
  MemcachedServer server;
  {
    const auto backend = open(server.url("timeout=20"));
    ASSERT_TRUE(backend->create("lock", "v", backend->open_session(1s).id));
  }
  // Each attempt is another process, and none waits for a change.
  EXPECT_TRUE(support::eventually(
      [&] { return open(server.url("timeout=20"))->create("lock", "v", kNone).has_value(); }, 60s));
}

TEST(Memcached, AValueThatWasEvictedTakesAllAlong) {
  MemcachedServer server;
  const auto backend = open(server.url("timeout=20"));
  const std::string origin = backend->origin();
  const Session session = backend->open_session(2min);
  const Revision made = backend->create("k", std::string(1000, 'v'), session.id).value();
  const std::string document = server.ask("get tooz-cc:all\r\nquit\r\n");
  const auto name = document.find("tooz-cc:value:");
  ASSERT_NE(name, std::string::npos);
  server.ask("delete " + document.substr(name, 14 + 32) + "\r\nquit\r\n");
  EXPECT_EQ(backend->get("k"), std::nullopt);
  EXPECT_NE(backend->origin(), origin);
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_GT(backend->create("k", "again", kNone).value(), made);
}

TEST(Memcached, ValuesThatAreReplacedLeaveNothingBehind) {
  MemcachedServer server;
  const auto backend = open(server.url("timeout=20"));
  const Session session = backend->open_session(2min);
  const std::string value(1000, 'v');
  const Revision made = backend->create("k", value, session.id).value();
  ASSERT_TRUE(backend->replace("k", value, made));
  EXPECT_EQ(backend->create("k", value, kNone), std::nullopt);
  EXPECT_EQ(backend->replace("k", value, made), std::nullopt);
  EXPECT_EQ(error_of([&] { backend->create("l", value, SessionId{1}); }), Errc::kSessionLost);
  backend->close_session(session.id);
  EXPECT_NE(server.ask("stats\r\nquit\r\n").find("STAT curr_items 2\r\n"), std::string::npos)
      << "the document and the origin";
}

TEST(Memcached, WhileItEvictsRevisionsOnlyGrow) {
  MemcachedServer server({"-m", "4"});
  std::stop_source stop;
  const Background filler(env(), [&] {
    for (int i = 0; !stop.stop_requested(); ++i)
      server.ask("set filler" + std::to_string(i % 64) + " 0 0 200000\r\n" +
                 std::string(200'000, 'x') + "\r\nquit\r\n");
  });
  const auto one = open(server.url("timeout=20"));
  const auto two = open(server.url("timeout=20"));
  Revision last = 0;
  int rounds = 0;
  const auto evicted = [&] {
    return server.ask("stats\r\nquit\r\n").find("STAT evictions 0\r\n") == std::string::npos;
  };
  const auto deadline = env().now() + 60s;
  while ((rounds < 300 || !evicted()) && env().now() < deadline) {
    Backend& backend = ++rounds % 2 == 0 ? *one : *two;
    if (const auto made = backend.create("lock", std::string(2000, 'v'), kNone)) {
      EXPECT_GT(*made, last);
      last = *made;
      backend.remove("lock", *made);
    } else if (const auto stands = backend.get("lock")) {
      backend.remove("lock", stands->revision);
    }
  }
  stop.request_stop();
  EXPECT_TRUE(evicted());
  EXPECT_GT(last, 0);
}

TEST(Memcached, APausedServerIsUnreachableAndGoesOn) {
  MemcachedServer server;
  const auto backend = open(server.url("timeout=500ms"));
  const Session session = backend->open_session(2min);
  server.pause();
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kUnreachable);
  server.resume();
  const auto patient = open(server.url("timeout=20"));
  EXPECT_EQ(patient->renew(session.id), session.ttl);
}

TEST(Memcached, WhatIsNotOursIsNotTouched) {
  MemcachedServer server;
  server.ask("set tooz-cc:all 0 0 5\r\nhello\r\nquit\r\n");
  const auto backend = open(server.url());
  EXPECT_EQ(error_of([&] { backend->create("k", "", kNone); }), Errc::kDenied);
  EXPECT_NE(server.ask("get tooz-cc:all\r\nquit\r\n").find("hello"), std::string::npos);
}

TEST(Memcached, NobodyThereIsUnreachable) {
  const auto backend = open("memcached://127.0.0.1:" + std::to_string(support::free_port()));
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
}

}  // namespace
}  // namespace tooz
