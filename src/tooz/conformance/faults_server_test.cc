// What the network can do to a process that holds a lock, waits for another and watches a group, on
// every server: never two live tokens, tokens grow, nobody hangs, everybody finds the truth again.
#include "tests/support/process.h"
#include "tooz/conformance/served.h"
#include "tooz/coordinator.h"
#include "tooz/recipes/names.h"
#include "tooz/testing/background.h"
#include "tooz/value.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace tooz::conformance {
namespace {

using namespace std::chrono_literals;
using support::Proxy;
using Names = std::set<std::string>;

constexpr auto kHole = 4s;  // two leases

struct Fault {
  std::string name;
  std::function<void(Proxy&)> begin;
  bool lasts = false;  ///< until Proxy::pass()
};
struct Case {
  support::CoordinationKind kind;
  Fault fault;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.kind.name << " " << one.fault.name; }

std::vector<Case> cases() {
  std::vector<Fault> faults{
      {"Cut", [](Proxy& net) { net.cut(); }},
      {"BlackHole", [](Proxy& net) { net.black_hole(); }, true},
      {"Refused", [](Proxy& net) { net.refuse(); }, true},
      {"Slow", [](Proxy& net) { net.delay(30ms); }},
      {"EndSeenByClient", [](Proxy& net) { net.half_close(Proxy::Side::kClient); }},
      {"EndSeenByServer", [](Proxy& net) { net.half_close(Proxy::Side::kServer); }}};
  if (nightly()) {
    faults.push_back({"Flapping", [](Proxy& net) {
                        for (int i = 0; i < 20; ++i) {
                          net.refuse();
                          base::system_env().sleep_for(50ms, {});
                          net.pass();
                          base::system_env().sleep_for(50ms, {});
                        }
                      }});
    faults.push_back({"HoleThenReset", [](Proxy& net) {
                        net.black_hole();
                        base::system_env().sleep_for(kHole, {});
                        net.cut();
                        net.pass();
                      }});
  }
  std::vector<Case> all;
  for (const auto& kind : served_kinds())
    for (const auto& fault : faults)
      all.push_back({kind, fault});
  return all;
}

/// `near` is a process whose network fails, `far` one that is well.
class Faults : public testing::TestWithParam<Case> {
 protected:
  static constexpr auto kLimit = 60s;  ///< bounds the test, not what it tests
  static constexpr auto kTimeout = 1s;
  static constexpr auto kLease = 2s;

  static Env& env() { return base::system_env(); }
  static Env::TimePoint limit() { return env().now() + kLimit; }
  std::string far_url() const { return server->url("timeout=20"); }
  std::string near_url() const { return server->url(net.port(), "timeout=1"); }
  static std::unique_ptr<Coordinator> coordinator(const std::string& url, const std::string& id,
                                                  Env::Duration lease = 20s) {
    return std::make_unique<Coordinator>(env(), url, Options{.member_id = id, .lease = lease});
  }

  static bool eventually(const std::function<bool()>& condition) {
    return support::eventually(
        [&] {
          try {
            return condition();
          } catch (const Error&) {
            return false;
          }
        },
        kLimit);
  }
  /// On a busy machine a first call may go unanswered, and a lease be over at once.
  static LockGuard acquired(Coordinator& who, const std::string& name) {
    Lock lock = who.lock(name);
    for (;;) {
      try {
        return std::move(lock.acquire({}, limit()).value());
      } catch (const Error& error) {
        if (error.code() != Errc::kUnreachable && error.code() != Errc::kSessionLost) throw;
      }
    }
  }
  bool waits(const std::string& lock) {
    return eventually([&] { return !observer->list(lock_keys(lock).queue).entries.empty(); });
  }

  /// Waits for a lock in a thread; sees whether `other` is live when it comes.
  struct Waiter {
    Waiter(Coordinator& who, const std::string& name, const LockGuard& other)
        : thread(env(), [this, &who, name, &other] {
            guard = acquired(who, name);
            two_at_once = guard->remaining() > 0s && other.remaining() > 0s;
          }) {}
    std::optional<LockGuard> guard;
    bool two_at_once = false;
    Background thread;
  };

  /// Who is in a group by all that next_change() has told.
  struct Watcher {
    Watcher(Coordinator& who, const std::string& group)
        : thread(env().spawn("watcher", [this, &who, group](const std::stop_token& stop) {
            while (!stop.stop_requested())
              apply(who.next_change(group, stop));
          })) {}
    void apply(const GroupChange& change) {
      const std::lock_guard lock(mutex);
      for (const Member& member : change.left)
        strange = strange || members.erase(member.id) == 0;
      for (const Member& member : change.joined)
        strange = strange || !members.insert(member.id).second;
    }
    bool sees(const Names& wanted) {
      const std::lock_guard lock(mutex);
      return members == wanted;
    }
    std::mutex mutex;
    Names members;
    bool strange = false;  ///< somebody left who was not there, or joined who was
    std::unique_ptr<Env::Thread> thread;
  };

  static void expect_successor(const Waiter& waiter, const LockGuard& before) {
    ASSERT_TRUE(waiter.guard);
    EXPECT_FALSE(waiter.two_at_once);
    EXPECT_EQ(waiter.guard->token().origin, before.token().origin);
    EXPECT_GT(waiter.guard->token().number, before.token().number);
  }
  void expect_bounded_calls() const;

  std::unique_ptr<support::CoordinationServer> server = GetParam().kind.start();
  Proxy net{server->port()};
  std::unique_ptr<Backend> observer = open_by_scheme(env(), far_url());
};

// Whether or not they are answered.
void Faults::expect_bounded_calls() const {
  const auto probe = open_by_scheme(env(), near_url());
  const std::vector<std::function<void()>> calls{
      [&] { probe->get("k"); },
      [&] { probe->list("k"); },
      [&] { probe->create("k", "v", SessionId::kNone); },
      [&] { probe->remove("k", 1); },
      [&] { probe->renew(probe->open_session(kLease).id); },
      [&] { probe->origin(); },
      [&] { probe->wait_change("k", 0, env().now() + kTimeout, {}); }};
  std::vector<std::unique_ptr<Background>> threads;
  for (const auto& call : calls)
    threads.push_back(std::make_unique<Background>(env(), [&call] {
      const auto begun = env().now();
      const auto error = error_of(call);
      EXPECT_TRUE(!error || error == Errc::kUnreachable || error == Errc::kSessionLost);
      EXPECT_LT(env().now() - begun, kTimeout + 20s) << "on a busy machine";
    }));
}

TEST_P(Faults, OfTheNetworkHarmNobody) {
  const auto far = coordinator(far_url(), "far");
  const auto near = coordinator(near_url(), "near", kLease);
  ASSERT_TRUE(far->create_group("g"));
  ASSERT_TRUE(far->join("g", nullptr));
  LockGuard x_of_near = acquired(*near, "x");
  LockGuard y_of_far = acquired(*far, "y");
  Waiter x_of_far(*far, "x", x_of_near);
  Waiter y_of_near(*near, "y", y_of_far);
  Watcher watcher(*near, "g");
  ASSERT_TRUE(waits("y") && (x_of_near.lost().stop_requested() || waits("x")));
  ASSERT_TRUE(eventually([&] { return watcher.sees({"far"}); }));

  GetParam().fault.begin(net);
  const auto late = coordinator(far_url(), "late");
  ASSERT_TRUE(late->join("g", nullptr));
  ASSERT_TRUE(far->leave("g"));
  y_of_far.release();
  expect_bounded_calls();
  if (GetParam().fault.lasts) {
    EXPECT_TRUE(x_of_far.thread.ends_within(kLimit));
    EXPECT_TRUE(x_of_near.lost().stop_requested());
    net.pass();
  }
  EXPECT_TRUE(eventually([&] { return near->groups() == std::vector<std::string>{"g"}; }));
  net.pass();
  EXPECT_NO_THROW(x_of_near.release()) << "also of what is lost";
  EXPECT_TRUE(GetParam().fault.lasts || x_of_far.thread.ends_within(kLimit));
  expect_successor(x_of_far, x_of_near);
  EXPECT_TRUE(y_of_near.thread.ends_within(kLimit));
  expect_successor(y_of_near, y_of_far);

  EXPECT_TRUE(eventually([&] { return watcher.sees({"late"}); }));
  EXPECT_FALSE(watcher.strange);
  EXPECT_TRUE(eventually([&] { return near->view("g").members.size() == 1; }));
  EXPECT_FALSE(near->lock("x").try_acquire()) << "what came late took nothing from the successor";
  EXPECT_GT(x_of_far.guard->remaining(), 0s);
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  return info.param.kind.name + "_" + info.param.fault.name;
}

INSTANTIATE_TEST_SUITE_P(Server, Faults, testing::ValuesIn(cases()), name_of_case);

}  // namespace
}  // namespace tooz::conformance
