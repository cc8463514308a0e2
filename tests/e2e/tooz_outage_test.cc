// etcd stands still, dies, and comes back: nothing hangs, and everybody finds its place again.
#include "tests/e2e/toozctl.h"

namespace e2e {
namespace {

class Outage : public WithEtcd {
 protected:
  static constexpr const char* kLost = "the lease is lost";

  void SetUp() override { ASSERT_EQ(run({"create", "g"}).code, 0); }

  /// A member, a leader, a holder, somebody who waits for the lock, and somebody who watches.
  struct Party {
    Program member, leader, holder, waiter, watcher;
  };
  Party party() const {
    const Words program{"--", "/bin/sh", "-c", "echo begun; exec sleep 1000"};
    const auto with_program = [&](Words words) {
      words.insert(words.end(), program.begin(), program.end());
      return start(words);
    };
    return {start({"join", "g", "--member", "m", "--lease", "2s"}),
            start({"elect", "g", "--member", "l", "--lease", "2s"}),
            with_program({"lock", "n", "--lease", "2s"}),
            with_program({"lock", "n", "--lease", "3s"}), start({"watch", "g"})};
  }
  // A waiter counts when it is in the queue: before its first answer it may give up.
  void expect_settled(Party& p) const {
    ASSERT_TRUE(p.member.says("joined\n")) << p.member.err();
    ASSERT_TRUE(p.leader.says("elected\n")) << p.leader.err();
    ASSERT_TRUE(support::eventually([&] { return begun(p) == 1 && queued(); }));
    ASSERT_TRUE(p.watcher.says(R"("leader","group":"g","member":"l")")) << p.watcher.err();
    ASSERT_TRUE(p.watcher.says(R"("joined","group":"g","member":"m")")) << p.watcher.err();
  }
  bool queued() const {
    return !etcd_.ctl({"get", "--prefix", "tooz-cc/lock/n/", "--keys-only"}).empty();
  }
  static int begun(const Party& p) {
    return static_cast<int>(!p.holder.out().empty()) + static_cast<int>(!p.waiter.out().empty());
  }
  static void expect_lost(Party& p) {
    EXPECT_TRUE(p.member.warns(kLost)) << p.member.err();
    EXPECT_TRUE(p.leader.says("lost\n")) << p.leader.err();
    Program& holder = p.holder.out().empty() ? p.waiter : p.holder;
    EXPECT_EQ(holder.end(), 76) << holder.err();
  }
  void expect_recovered(Party& p) const {
    EXPECT_TRUE(p.member.warns("toozctl: the lease was lost; joined again\n")) << p.member.err();
    EXPECT_TRUE(p.leader.says("elected\nlost\nelected\n")) << p.leader.err();
    EXPECT_TRUE(support::eventually([&] { return begun(p) == 2; }, kSoon))
        << p.holder.err() << p.waiter.err();
    EXPECT_TRUE(support::eventually([&] { return run({"members", "g"}).out == "m\n"; }));
    EXPECT_TRUE(support::eventually([&] { return run({"leader", "g"}).out == "l\n"; }));
    EXPECT_TRUE(p.watcher.process().running());
    Program late = start({"join", "g", "--member", "late"});
    EXPECT_TRUE(p.watcher.says(R"("joined","group":"g","member":"late")")) << p.watcher.out();
    EXPECT_EQ(p.watcher.stop(), 0);
    EXPECT_EQ(p.member.stop(), 0);
    EXPECT_EQ(p.leader.stop(), 0);
  }
};

TEST_F(Outage, EverybodyFindsItsPlaceAgainAfterEtcdDied) {
  Party p = party();
  expect_settled(p);
  etcd_.kill();
  expect_lost(p);
  const auto since = now();
  etcd_.start();
  expect_recovered(p);
  note("all had found their places after", since);
}

TEST_F(Outage, EverybodyFindsItsPlaceAgainAfterEtcdStoodStill) {
  Party p = party();
  expect_settled(p);
  etcd_.pause();
  expect_lost(p);
  const auto since = now();
  etcd_.resume();
  expect_recovered(p);
  note("all had found their places after", since);
}

TEST_F(Outage, ShortOneCostsNobodyItsPlace) {
  Program member = start({"join", "g", "--member", "m", "--lease", "30s"});
  Program holder =
      start({"lock", "n", "--lease", "30s", "--", "/bin/sh", "-c", "echo begun; exec sleep 1000"});
  ASSERT_TRUE(member.says("joined\n") && holder.says("begun\n"));
  etcd_.kill();
  etcd_.start();
  EXPECT_EQ(run({"lock", "n", "--try", "--", "true"}).code, 75);
  EXPECT_EQ(run({"members", "g"}).out, "m\n");
  EXPECT_TRUE(holder.process().running());
  EXPECT_EQ(member.err().find(kLost), std::string::npos) << member.err();
}

TEST_F(Outage, StopDoesNotWaitForABackendThatIsSilent) {
  Party p = party();
  expect_settled(p);
  etcd_.pause();
  const auto since = now();
  for (Program* program : {&p.member, &p.leader, &p.holder, &p.waiter, &p.watcher})
    program->process().signal(SIGTERM);
  for (Program* program : {&p.member, &p.leader, &p.holder, &p.waiter, &p.watcher})
    EXPECT_NE(program->end(), -1) << program->err();
  note("all had ended after", since);
  etcd_.resume();
}

TEST_F(Outage, ProcessStartedWhileEtcdIsAwayWaits) {
  etcd_.kill();
  Program member = actor({"join", "h", "m", "2000"});
  ASSERT_TRUE(member.says("waiting\n"));
  etcd_.start();
  EXPECT_TRUE(member.says("joined\n")) << member.err();
  EXPECT_EQ(run({"members", "h"}).out, "m\n");
}

TEST_F(Outage, UserIsToldWhenAllIsJoinedAgain) {
  Program member = actor({"join", "h", "m", "2000"});
  ASSERT_TRUE(member.says("joined\n"));
  etcd_.kill();
  ASSERT_TRUE(member.warns(kLost)) << member.err();
  etcd_.start();
  EXPECT_TRUE(member.says("rejoined\n")) << member.err();
  EXPECT_EQ(run({"members", "h"}).out, "m\n");
}

// A wiped server has no group either.
TEST_F(Outage, MemberMakesItsGroupAgainAfterTheDataIsGone) {
  Program member = start({"join", "g", "--member", "m", "--lease", "2s"});
  ASSERT_TRUE(member.says("joined\n"));
  etcd_.kill();
  etcd_.wipe();
  etcd_.start();
  EXPECT_TRUE(member.warns("toozctl: the lease was lost; joined again\n")) << member.err();
  EXPECT_EQ(run({"members", "g"}).out, "m\n");
}

}  // namespace
}  // namespace e2e
