#include "tests/support/zookeeper_server.h"
#include "tooz/coordinator.h"
#include "tooz/drivers/zookeeper/zookeeper.h"
#include "tooz/error.h"
#include "tooz/testing/background.h"
#include "tooz/url.h"
#include "tooz/value.h"

#include <gtest/gtest.h>
#include <zookeeper/zookeeper.h>

namespace tooz {
namespace {

using namespace std::chrono_literals;
using support::ZookeeperServer;
constexpr auto kNone = SessionId::kNone;

Env& env() { return base::system_env(); }
std::unique_ptr<Backend> open(const std::string& url) {
  return open_zookeeper(env(), parse_url(url));
}

/// Asks until a backend that is away answers again.
template <class Ask>
auto patiently(const Ask& ask) {
  for (int attempt = 0;; ++attempt) {
    try {
      return ask();
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable || attempt == 10) throw;
    }
  }
}

TEST(Zookeeper, RevisionsGrowWhereVersionsBeginAnew) {
  ZookeeperServer server;
  const auto backend = open(server.url());
  const Revision before = backend->create("k", "1", kNone).value();
  const Revision changed = backend->replace("k", "2", before).value();
  ASSERT_TRUE(backend->remove("k", changed));
  const Revision again = backend->create("k", "1", kNone).value();
  EXPECT_GT(again, changed);
  EXPECT_FALSE(backend->remove("k", before)) << "the node's version is the same as then";
  EXPECT_EQ(backend->replace("k", "3", before), std::nullopt);
}

TEST(Zookeeper, ASessionOutlivesARestart) {
  ZookeeperServer server;
  const auto backend = open(server.url("timeout=20"));
  const Session session = backend->open_session(30s);
  ASSERT_TRUE(backend->create("k", "v", session.id));
  server.kill();
  server.start();
  EXPECT_GT(patiently([&] { return backend->renew(session.id); }), 0s);
  EXPECT_EQ(patiently([&] { return backend->get("k"); })->owner, session.id);
}

TEST(Zookeeper, ASessionThatRanOutWhileTheServerWasAwayIsLost) {
  ZookeeperServer server;
  const auto backend = open(server.url("timeout=20"));
  const Session session = backend->open_session(1s);
  ASSERT_TRUE(backend->create("k", "v", session.id));
  server.kill();
  const auto end = env().now() + session.ttl;
  EXPECT_TRUE(support::eventually([&] { return env().now() >= end; }));
  server.start();
  EXPECT_EQ(error_of([&] { patiently([&] { return backend->renew(session.id); }); }),
            Errc::kSessionLost);
  EXPECT_TRUE(support::eventually([&] { return !patiently([&] { return backend->get("k"); }); }));
}

TEST(Zookeeper, AServerThatStandsStillLongerThanTheLeaseTakesTheLockAway) {
  ZookeeperServer server;
  Coordinator holder(env(), server.url("timeout=1"), {.member_id = "a", .lease = 1s});
  auto guard = patiently([&] { return holder.lock("x").acquire({}, env().now() + 30s); });
  ASSERT_TRUE(guard);
  server.pause();
  EXPECT_TRUE(support::eventually([&] { return guard->lost().stop_requested(); }));
  EXPECT_EQ(guard->remaining(), 0s);
  server.resume();
  Coordinator other(env(), server.url(), {.member_id = "b"});
  const auto next = other.lock("x").acquire({}, env().now() + 30s);
  ASSERT_TRUE(next);
  EXPECT_GT(next->token().number, guard->token().number);
  EXPECT_TRUE(support::eventually([&] { return holder.connected(); }));
}

TEST(Zookeeper, AWipedServerHasAnotherOrigin) {
  ZookeeperServer server;
  const auto backend = open(server.url("timeout=3"));
  const std::string before = backend->origin();
  server.stop();
  server.wipe();
  server.start();
  EXPECT_NE(patiently([&] { return backend->origin(); }), before);
}

// The counters of its data begin anew, and may stand where those that were seen before stood.
TEST(Zookeeper, WhatWasSeenOfAServerIsNotBelievedOfItOnceItIsWiped) {
  ZookeeperServer server;
  const auto backend = open(server.url("timeout=3"));
  const Guard empty{.present = {}, .empty_prefix = "q/"};
  ASSERT_TRUE(backend->remove("q/1", backend->create("q/1", "v", kNone).value()));
  const Session session = backend->open_session(20s);
  ASSERT_TRUE(backend->create("a", "v", session.id, empty));
  ASSERT_TRUE(backend->create("b", "v", session.id, empty)) << "nothing has changed";
  server.stop();
  server.wipe();
  server.start();
  ASSERT_TRUE(open(server.url("timeout=20"))->create("q/1", "v", kNone));
  const Session next = patiently([&] { return backend->open_session(20s); });
  EXPECT_EQ(patiently([&] { return backend->create("c", "v", next.id, empty); }), std::nullopt);
}

TEST(Zookeeper, ACallToASilentServerEndsInTime) {
  ZookeeperServer server;
  const auto backend = open(server.url("timeout=0.5"));
  const Session session = patiently([&] { return backend->open_session(20s); });
  server.pause();
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->list("k"); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->create("k", "v", kNone); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->create("k", "v", session.id); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->open_session(10s); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->origin(); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { backend->wait_change("k", 1, env().now() + 60s, {}); }),
            Errc::kUnreachable);
  server.resume();
}

TEST(Zookeeper, WithoutAServerItSaysSo) {
  const auto backend = open("zookeeper://127.0.0.1:1?timeout=0.3");
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
  EXPECT_EQ(error_of([&] { open("zookeeper://no.such.host.invalid?timeout=0.3")->get("k"); }),
            Errc::kUnreachable);
}

TEST(Zookeeper, WhatIsMadeWithCredentialsIsTheirsAlone) {
  ZookeeperServer server;
  const auto mine = open(server.url("", "user:secret@"));
  const auto same = open(server.url("", "user:secret@"));
  const auto nobody = open(server.url());
  const auto wrong = open(server.url("", "user:other@"));
  const Session session = mine->open_session(10s);
  const Revision made = mine->create("k", "v", session.id).value();
  EXPECT_EQ(same->get("k")->value, "v");
  for (const auto& other : {&nobody, &wrong}) {
    EXPECT_EQ(error_of([&] { (*other)->get("k"); }), Errc::kDenied);
    EXPECT_EQ(error_of([&] { (*other)->create("l", "v", kNone); }), Errc::kDenied);
    EXPECT_EQ(error_of([&] { (*other)->close_session(session.id); }), Errc::kDenied);
  }
  EXPECT_TRUE(same->remove("k", made));
}

/// Somebody else's program at the same server.
class Stranger {
 public:
  explicit Stranger(const ZookeeperServer& server)
      : zh_(zookeeper_init(server.hosts().c_str(), nullptr, 30000, nullptr, nullptr, 0)) {
    EXPECT_TRUE(support::eventually([&] { return zoo_state(zh_) == ZOO_CONNECTED_STATE; }, 60s));
  }
  ~Stranger() { zookeeper_close(zh_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  void create(const std::string& path, std::string_view data) {
    EXPECT_EQ(zoo_create(zh_, path.c_str(), data.data(), static_cast<int>(data.size()),
                         &ZOO_OPEN_ACL_UNSAFE, 0, nullptr, 0),
              ZOK)
        << path;
  }

 private:
  zhandle_t* zh_;
};

TEST(Zookeeper, WhatSomebodyElseWroteIsSkippedAndNamed) {
  ZookeeperServer server;
  Coordinator a(env(), server.url("timeout=20"), {.member_id = "a", .lease = 20s});
  ASSERT_TRUE(a.create_group("g"));
  ASSERT_TRUE(a.join("g", 1));
  Stranger stranger(server);
  const std::string folder = "/tooz-cc/keys/dtooz/dgroups/dg/";
  testing::internal::CaptureStderr();
  stranger.create(folder + "kshort", "abc");
  stranger.create(folder + "kempty", "");
  stranger.create(folder + "k%zz", "0123456789abcdef");
  stranger.create(folder + "strange", "0123456789abcdef");
  stranger.create(folder + "dfolder", "");
  stranger.create(folder + "kbroken", "0123456789abcdef\xc1");
  stranger.create(folder + "kgood", "0123456789abcdef\x01");
  const auto shown = [&] {
    std::vector<std::string> names;
    for (const Member& member : a.view("g").members)
      names.push_back(member.id);
    return names;
  };
  EXPECT_TRUE(support::eventually(
      [&] {
        return shown() == std::vector<std::string>{"a", "good"};
      },
      60s));
  const std::string log = testing::internal::GetCapturedStderr();
  for (const char* key : {"tooz/groups/g/short", "tooz/groups/g/empty", "tooz/groups/g/broken"})
    EXPECT_NE(log.find(key), std::string::npos) << key << " in " << log;
  const auto backend = open(server.url("timeout=20"));
  EXPECT_EQ(backend->get("tooz/groups/g/short"), std::nullopt);
  EXPECT_EQ(backend->create("tooz/groups/g/short", "v", kNone), std::nullopt) << "it is taken";

  EXPECT_TRUE(a.lock("x").try_acquire());
}

TEST(Zookeeper, TwoNamespacesDoNotSeeEachOther) {
  ZookeeperServer server;
  const auto one = open(server.url("namespace=one/deep"));
  const auto two = open(server.url("namespace=two"));
  ASSERT_TRUE(one->create("k", "v", kNone));
  EXPECT_TRUE(two->create("k", "v", kNone));
  EXPECT_NE(one->origin(), two->origin());
}

TEST(Zookeeper, SessionsOfADeadProcessAreClosedByAnother) {
  ZookeeperServer server;
  auto dead = open(server.url());
  const Session session = dead->open_session(30s);
  ASSERT_TRUE(dead->create("k", "v", session.id));
  dead.reset();  // as a killed process: nothing is closed
  const auto other = open(server.url());
  ASSERT_TRUE(other->get("k"));
  other->close_session(session.id);
  EXPECT_EQ(other->get("k"), std::nullopt);
  EXPECT_EQ(error_of([&] { other->renew(session.id); }), Errc::kSessionLost);
}

TEST(Zookeeper, AnEnsembleOutlivesItsLeader) {
  ZookeeperServer servers(ZookeeperServer::Kind::kEnsemble);
  const auto backend = open(servers.url("timeout=30"));
  const Session session = backend->open_session(20s);
  const Revision made = backend->create("k", "v", session.id).value();
  const std::size_t first = servers.leader();
  servers.kill(first);
  EXPECT_GT(patiently([&] { return backend->renew(session.id); }), 0s);
  EXPECT_EQ(patiently([&] { return backend->get("k"); })->created, made);
  EXPECT_NE(servers.leader(), first);
  const auto later = patiently([&] { return backend->create("after", "v", session.id); });
  servers.start(first);
  EXPECT_GT(patiently([&] { return backend->create("last", "v", session.id); }).value(), made);
  EXPECT_TRUE(!later || *later > made);
}

TEST(Zookeeper, ASilentServerOfAnEnsembleIsLeftForAnother) {
  ZookeeperServer servers(ZookeeperServer::Kind::kEnsemble);
  const std::size_t leader = servers.leader();
  const std::size_t silent = leader == 0 ? 1 : 0;
  std::string first = "127.0.0.1:" + std::to_string(servers.port(silent));
  const auto backend =
      open("zookeeper://" + first + "," + servers.hosts() + "?randomize_hosts=false&timeout=6");
  const Session session = backend->open_session(30s);
  ASSERT_TRUE(backend->create("k", "v", session.id));
  servers.pause(silent);
  EXPECT_GT(patiently([&] { return backend->renew(session.id); }), 0s);
  EXPECT_TRUE(patiently([&] { return backend->get("k"); }));
  servers.resume(silent);
}

}  // namespace
}  // namespace tooz
