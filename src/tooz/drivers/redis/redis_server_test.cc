#include "tooz/drivers/redis/redis.h"

#include "tests/support/free_port.h"
#include "tests/support/redis_server.h"
#include "tooz/coordinator.h"
#include "tooz/testing/background.h"
#include "tooz/url.h"

#include <gtest/gtest.h>

namespace tooz {
namespace {

using namespace std::chrono_literals;
using support::RedisSentinel;
using support::RedisServer;
constexpr auto kNone = SessionId::kNone;

Env& env() { return base::system_env(); }

std::unique_ptr<Backend> open(const std::string& url) { return open_redis(env(), parse_url(url)); }

RedisServer::Options forgetful() {
  RedisServer::Options options;
  options.keeps = false;
  return options;
}

std::string text_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Redis, ARestartKeepsTheDataAndEndsTheLeases) {
  RedisServer server;
  const auto backend = open(server.url());
  const std::string origin = backend->origin();
  const Session session = backend->open_session(2min);
  const Revision kept = backend->create("r/kept", "v", kNone).value();
  const Revision owned = backend->create("r/owned", "v", session.id).value();
  server.kill();
  EXPECT_EQ(error_of([&] { backend->get("r/kept"); }), Errc::kUnreachable);
  server.start();
  EXPECT_EQ(backend->get("r/kept")->created, kept);
  EXPECT_NE(backend->origin(), origin);
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_EQ(error_of([&] { backend->create("r/more", "", session.id); }), Errc::kSessionLost);
  ASSERT_TRUE(backend->get("r/owned")) << "its holder may count on it until its lease is over";
  EXPECT_GT(backend->replace("r/kept", "w", kept).value(), owned);
  backend->close_session(session.id);
  EXPECT_EQ(backend->get("r/owned"), std::nullopt);
}

TEST(Redis, WhoseDataWasForgottenGivesNoRevisionTwice) {
  RedisServer server(forgetful());
  const auto backend = open(server.url());
  const auto other = open(server.url());
  const std::string origin = backend->origin();
  const Session session = backend->open_session(2min);
  Revision last = backend->create("k", "v", session.id).value();
  for (int i = 0; i < 50; ++i)
    last = backend->replace("k", "v", last).value();
  server.kill();
  server.start();
  const Session next = other->open_session(2min);
  EXPECT_GT(other->create("k", "after", next.id).value(), last);
  EXPECT_NE(other->origin(), origin);
  EXPECT_FALSE(backend->remove("k", last));
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  EXPECT_EQ(backend->get("k")->value, "after");
}

TEST(Redis, WipedDataIsAnotherOriginAndWakesWhoWaits) {
  RedisServer server(forgetful());
  const auto backend = open(server.url());
  const std::string origin = backend->origin();
  const Session session = backend->open_session(1s);
  const Revision made = backend->create("w/k", "v", session.id).value();
  const Revision at = backend->list("w/").at;
  Background waiter(env(), [&] { backend->wait_change("w/", at, env().now() + 60s, {}); });
  server.cli({"FLUSHALL"});
  EXPECT_TRUE(waiter.ends_within(40s));
  EXPECT_NE(backend->origin(), origin);
  EXPECT_GT(backend->create("w/k", "v", kNone).value(), made);
}

TEST(Redis, APauseLongerThanTheLeaseEndsIt) {
  RedisServer server(forgetful());
  const auto backend = open(server.url("timeout=500ms"));
  const Session session = backend->open_session(700ms);
  ASSERT_TRUE(backend->create("k", "v", session.id));
  server.pause();
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
  server.resume();
  const auto patient = open(server.url("timeout=20"));
  EXPECT_EQ(error_of([&] { patient->renew(session.id); }), Errc::kSessionLost);
  EXPECT_EQ(patient->get("k"), std::nullopt);
}

TEST(Redis, WhoWaitsGoesOnAfterARestart) {
  RedisServer server;
  const auto backend = open(server.url("timeout=20"));
  const auto other = open(server.url("timeout=20"));
  const Revision at = backend->list("w/").at;
  Background waiter(env(), [&] {
    // It may return early, or say that the server is away: so ask as a recipe does.
    const auto deadline = env().now() + 60s;
    const auto there = [&] {
      try {
        if (backend->get("w/k")) return true;
        backend->wait_change("w/", at, deadline, {});
      } catch (const Error&) {
      }
      return env().now() >= deadline;
    };
    while (!there())
      ;
  });
  server.stop();
  server.start();
  ASSERT_TRUE(other->create("w/k", "v", kNone));
  EXPECT_TRUE(waiter.ends_within(60s));
}

TEST(Redis, AnIdleConnectionThatTheServerClosedIsNotUsed) {
  RedisServer server;
  const auto backend = open(server.url());
  ASSERT_TRUE(backend->create("a", "", kNone));
  server.stop();
  server.start();
  EXPECT_TRUE(backend->create("b", "", kNone));
}

TEST(Redis, ThousandsOfKeysAreListedAtOneRevision) {
  RedisServer server(forgetful());
  const auto backend = open(server.url("timeout=60"));
  const Session session = backend->open_session(2min);
  Revision last = 0;
  for (int i = 0; i < 2500; ++i)
    last = backend->create("g/" + std::to_string(i), std::to_string(i), session.id).value();
  const Snapshot all = backend->list("g/");
  ASSERT_EQ(all.entries.size(), 2500U);
  EXPECT_EQ(all.at, last);
  for (const Entry& entry : all.entries)
    EXPECT_EQ("g/" + entry.value, entry.key);
  backend->close_session(session.id);
  EXPECT_TRUE(backend->list("g/").entries.empty());
}

TEST(Redis, DatabasesAndNamespacesDoNotMeet) {
  RedisServer server(forgetful());
  const auto plain = open(server.url());
  ASSERT_TRUE(plain->create("k", "", kNone));
  EXPECT_EQ(open(server.url("db=3"))->get("k"), std::nullopt);
  EXPECT_EQ(open(server.url("namespace=other"))->get("k"), std::nullopt);
  EXPECT_TRUE(open(server.url("db=0&namespace=tooz-cc"))->get("k"));
  EXPECT_EQ(error_of([&] { open(server.url("db=4000"))->get("k"); }), Errc::kDenied);
}

TEST(Redis, ALocalSocketWillDo) {
  const support::TempFolder folder;
  const std::string path = folder.path() / "redis.sock";
  auto options = forgetful();
  options.more = {"--unixsocket", path};
  RedisServer server(options);
  ASSERT_TRUE(open("redis://" + path)->create("k", "v", kNone));
  EXPECT_TRUE(open(server.url())->get("k"));
}

TEST(Redis, AWrongPasswordIsDeniedAndNotShown) {
  auto options = forgetful();
  options.password = "right-one";
  RedisServer server(options);
  EXPECT_NO_THROW(open(server.url())->origin());
  for (const char* login : {":wrong-one@", "somebody:wrong-one@", ""}) {
    const auto backend = open("redis://" + std::string(login) + server.host());
    EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kDenied);
    const std::string text = text_of([&] { backend->wait_change("k", 1, env().now() + 10s, {}); });
    EXPECT_FALSE(text.empty());
    EXPECT_FALSE(has(text, "wrong-one")) << text;
  }
}

TEST(Redis, AUserWithoutTheRightsIsDenied) {
  RedisServer server(forgetful());
  const auto with_rights = [&](const std::vector<std::string>& rights) {
    std::vector<std::string> command{"ACL", "SETUSER", "worker", "reset", "on", ">word"};
    command.insert(command.end(), rights.begin(), rights.end());
    server.cli(command);
    return open("redis://worker:word@" + server.host());
  };
  const auto backend = with_rights({"~tooz-cc:*", "~tooz-cc", "&tooz-cc:*", "+@all", "-@admin"});
  ASSERT_TRUE(backend->create("k", "v", kNone));
  backend->wait_change("k", backend->list("k").at, env().now() + 50ms, {});
  const auto other_keys = with_rights({"~other:*", "&*", "+@all"});
  EXPECT_EQ(error_of([&] { other_keys->get("k"); }), Errc::kDenied);
  const auto other_channels = with_rights({"~*", "&other", "+@all"});
  const auto wait = [&] { other_channels->wait_change("k", 1, env().now() + 20s, {}); };
  EXPECT_EQ(error_of(wait), Errc::kDenied);
  const auto no_time = with_rights({"~*", "&*", "+@all", "-time"});
  EXPECT_EQ(error_of([&] { no_time->get("k"); }), Errc::kDenied);
}

TEST(Redis, TlsTrustsOnlyTheGivenAuthorityAndTheRightName) {
  auto options = forgetful();
  options.tls = true;
  options.more = {"--bind", "127.0.0.1", "127.0.0.2"};
  RedisServer server(options);
  const std::string port = std::to_string(server.port());
  const std::string ca = "?timeout=20&ssl_ca_certs=" + server.certificates().ca.string();
  EXPECT_NO_THROW(open("rediss://localhost:" + port + ca)->origin());
  EXPECT_NO_THROW(open("redis://127.0.0.1:" + port + ca + "&ssl=true")->origin());
  const support::TempFolder folder;
  const auto strangers = support::make_certificates(folder.path());
  for (const std::string& url :
       {"rediss://127.0.0.1:" + port + "?timeout=20", "rediss://127.0.0.2:" + port + ca,
        "rediss://127.0.0.1:" + port + "?timeout=20&ssl_ca_certs=" + strangers.ca.string()}) {
    const std::string text = text_of([&] { open(url)->origin(); });
    EXPECT_TRUE(has(text, "certificate")) << url << ": " << text;
  }
  EXPECT_TRUE(
      has(text_of([&] { open("rediss://127.0.0.1:" + port + "?ssl_ca_certs=/none")->origin(); }),
          "/none"));
  EXPECT_EQ(error_of([&] { open("redis://127.0.0.1:" + port + "?timeout=1")->origin(); }),
            Errc::kUnreachable);
}

TEST(Redis, AServerThatEvictsKeysIsRefused) {
  auto options = forgetful();
  options.more = {"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"};
  RedisServer server(options);
  const auto backend = open(server.url());
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnsuitable);
  server.cli({"CONFIG", "SET", "maxmemory-policy", "volatile-lru"});
  EXPECT_NO_THROW(backend->get("k"));
}

TEST(Redis, OfSeveralHostsTheOneThatTakesWritesIsUsed) {
  RedisServer master(forgetful());
  auto options = forgetful();
  options.replica_of = master.port();
  RedisServer replica(options);
  const std::string dead = "127.0.0.1:" + std::to_string(support::free_port());
  EXPECT_TRUE(open("redis://" + dead + "," + replica.host() + "," + master.host())
                  ->create("k", "v", kNone));
  const auto alone = open(replica.url());
  EXPECT_TRUE(has(text_of([&] { alone->get("k"); }), "replica"));
}

TEST(Redis, SentinelsHaveALoginAndTlsOfTheirOwn) {
  auto options = forgetful();
  options.tls = true;
  options.password = "right-one";
  RedisServer server(options);
  RedisSentinel sentinel(server);
  const std::string ca = "&ssl_ca_certs=" + server.certificates().ca.string();
  const std::string host =
      "redis://:right-one@" + sentinel.host() + "?timeout=20&ssl=true" + "&sentinel=mymaster" + ca;
  EXPECT_NO_THROW(open(host + "&sentinel_ssl=true&sentinel_password=right-one")->origin());
  for (const char* login :
       {"", "&sentinel_password=wrong-one", "&sentinel_username=me&sentinel_password=wrong-one"}) {
    const auto backend = open(host + "&sentinel_ssl=true" + login);
    EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kDenied) << login;
    const std::string text = text_of([&] { backend->get("k"); });
    EXPECT_FALSE(has(text, "right-one") || has(text, "wrong-one")) << text;
  }
  const auto in_clear = open("redis://:right-one@" + sentinel.host() +
                             "?timeout=1&sentinel=mymaster&sentinel_password=right-one");
  EXPECT_EQ(error_of([&] { in_clear->get("k"); }), Errc::kUnreachable);
}

TEST(Redis, AnUnknownMasterAndADeadSentinelAreNamed) {
  RedisServer server(forgetful());
  RedisSentinel sentinel(server);
  EXPECT_TRUE(has(text_of([&] { open("redis://" + sentinel.host() + "?sentinel=no")->get("k"); }),
                  "no master `no`"));
  EXPECT_NO_THROW(open("redis://" + sentinel.host() + "?sentinel=mymaster")->get("k"));
  const std::string dead = "127.0.0.1:" + std::to_string(support::free_port());
  EXPECT_TRUE(
      has(text_of([&] { open("redis://" + dead + "?sentinel=mymaster")->get("k"); }), dead));
}

}  // namespace
}  // namespace tooz
