// Locks and elections of toozctl among real processes.
#include <sstream>

#include "tests/e2e/toozctl.h"

namespace e2e {
namespace {

class Locks : public WithEtcd {
 protected:
  /// Words for a program that says `begun PID`, and goes on.
  static Words going_on() { return {"--", "/bin/sh", "-c", "echo begun $$; exec sleep 1000"}; }
  Program hold(Words words) const {
    const Words rest = going_on();
    words.insert(words.end(), rest.begin(), rest.end());
    return start(words);
  }
  static pid_t program_of(const Program& holder) {
    return static_cast<pid_t>(std::stol(holder.out().substr(std::string("begun ").size())));
  }
};

TEST_F(Locks, ProgramRunsWithTheTokenAndItsExitCodeIsPassedOn) {
  const Words words{"lock",    "n",  "--",
                    "/bin/sh", "-c", "echo $TOOZ_FENCING_TOKEN $TOOZ_FENCING_ORIGIN; exit 7"};
  const Result first = run(words);
  const Result second = run(words);
  EXPECT_EQ(first.code, 7);
  EXPECT_EQ(first.err, "");
  EXPECT_GT(std::stol(first.out), 0);
  EXPECT_GT(std::stol(second.out), std::stol(first.out)) << "tokens only grow";
  EXPECT_EQ(second.out.substr(second.out.find(' ')), first.out.substr(first.out.find(' ')));
  EXPECT_EQ(first.out.size() - first.out.find(' ') - 2, 32U) << "an origin: " << first.out;
}

TEST_F(Locks, HeldLockIsRefusedAndTold) {
  Program holder = hold({"lock", "n"});
  ASSERT_TRUE(holder.says("begun"));
  const Words program{"--", "echo", "ran"};
  const auto refused = [&](Words words) {
    words.insert(words.end(), program.begin(), program.end());
    const Result result = run(words);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "toozctl: lock not acquired\n");
    return result.code;
  };
  EXPECT_EQ(refused({"lock", "n", "--try"}), 75);
  EXPECT_EQ(refused({"lock", "n", "--try", "-E", "9"}), 9);
  EXPECT_EQ(refused({"lock", "n", "--timeout", "200ms"}), 75);
  EXPECT_EQ(refused({"lock", "n", "--timeout", "0", "-E", "0"}), 0);
  EXPECT_EQ(run({"lock", "other", "--try", "--", "echo", "ran"}).out, "ran\n");
  EXPECT_EQ(holder.stop(), 128 + SIGTERM) << "the program's end";
  EXPECT_EQ(run({"lock", "n", "--try", "--", "echo", "ran"}).out, "ran\n");
}

TEST_F(Locks, SharedLockIsHeldByManyAndKeepsWritersOut) {
  Program one = hold({"lock", "n", "--shared"});
  Program two = hold({"lock", "n", "--shared"});
  ASSERT_TRUE(one.says("begun"));
  ASSERT_TRUE(two.says("begun"));
  EXPECT_EQ(run({"lock", "n", "--try", "--", "echo", "ran"}).code, 75);
  EXPECT_EQ(one.stop(), 128 + SIGTERM);
  EXPECT_EQ(run({"lock", "n", "--try", "--", "echo", "ran"}).code, 75);
  two.kill9();
  EXPECT_EQ(run({"lock", "n", "--timeout", "40s", "--", "echo", "ran"}).out, "ran\n");
}

TEST_F(Locks, SemaphoreLetsSoManyRunAndRefusesAnotherNumber) {
  Program one = hold({"semaphore", "s", "2"});
  Program two = hold({"semaphore", "s", "2"});
  ASSERT_TRUE(one.says("begun"));
  ASSERT_TRUE(two.says("begun"));
  const Result third = run({"semaphore", "s", "2", "--try", "--", "echo", "ran"});
  EXPECT_EQ(third.code, 75);
  EXPECT_EQ(third.err, "toozctl: permit not acquired\n");
  EXPECT_EQ(run({"semaphore", "s", "3", "--try", "--", "echo", "ran"}).code, 2);
  EXPECT_EQ(one.stop(), 128 + SIGTERM);
  EXPECT_EQ(run({"semaphore", "s", "2", "--try", "--", "echo", "ran"}).out, "ran\n");
}

TEST_F(Locks, LockDelayPassesAfterAKillAndNotAfterAnOrderlyEnd) {
  const Words next{"lock", "n", "--try", "--", "echo", "ran"};
  Program ended = hold({"lock", "n", "--lease", "2s", "--delay", "60s"});
  ASSERT_TRUE(ended.says("begun"));
  EXPECT_EQ(ended.stop(), 128 + SIGTERM);
  EXPECT_EQ(run(next).out, "ran\n");
  Program killed = hold({"lock", "n", "--lease", "2s", "--delay", "60s"});
  ASSERT_TRUE(killed.says("begun"));
  killed.kill9();
  EXPECT_EQ(run({"lock", "n", "--timeout", "6s", "--", "echo", "ran"}).code, 75);
}

TEST_F(Locks, JsonTellsWhatBecomesOfALockOrAPermit) {
  for (const Words& words : {Words{"lock", "n"}, Words{"semaphore", "s", "2"}}) {
    Words run_one = words;
    run_one.insert(run_one.end(), {"--json", "--member", "m", "--", "/bin/sh", "-c", "exit 7"});
    const Result result = run(run_one);
    EXPECT_EQ(result.code, 7);
    const std::string of = R"(",")" + words[0] + R"(":")" + words[1] + R"(","member":"m")";
    const auto line_end = result.out.find('\n');
    const std::string first = result.out.substr(0, line_end);
    EXPECT_TRUE(first.starts_with(R"({"event":"acquired)" + of + R"(,"token":)")) << first;
    EXPECT_EQ(result.out.substr(line_end + 1),
              R"({"event":"released)" + of + R"(,"exit_code":7})" + "\n");
  }
  Program holder = hold({"lock", "n"});
  ASSERT_TRUE(holder.says("begun"));
  EXPECT_EQ(run({"lock", "n", "--try", "--json", "--member", "m", "--", "true"}).out,
            R"({"event":"not acquired","lock":"n","member":"m"})"
            "\n");
}

TEST_F(Locks, WaiterGetsItWhenTheHolderEnds) {
  Program holder = hold({"lock", "n", "--lease", "60s"});
  ASSERT_TRUE(holder.says("begun"));
  Program waiter = start({"lock", "n", "--timeout", "50s", "--", "echo", "ran"});
  ASSERT_TRUE(support::eventually([&] {
    return etcd_.ctl({"get", "--prefix", "tooz-cc/lock/", "--keys-only"}) != "";
  }));
  const auto since = now();
  kill(program_of(holder), SIGTERM);
  EXPECT_EQ(waiter.end(), 0);
  note("the waiter ran after", since);
  EXPECT_EQ(waiter.out(), "ran\n");
  EXPECT_EQ(holder.end(), 128 + SIGTERM);
}

TEST_F(Locks, WaiterThatIsToldToEndLeavesTheQueue) {
  Program holder = hold({"lock", "n", "--lease", "60s"});
  ASSERT_TRUE(holder.says("begun"));
  Program waiter = start({"lock", "n", "--lease", "60s", "--", "echo", "ran"});
  ASSERT_TRUE(support::eventually([&] {
    return etcd_.ctl({"get", "--prefix", "tooz-cc/lock/", "--keys-only"}) != "";
  }));
  EXPECT_EQ(waiter.stop(), 75);
  EXPECT_EQ(waiter.out(), "");
  EXPECT_EQ(etcd_.ctl({"get", "--prefix", "tooz-cc/lock/", "--keys-only"}), "");
}

TEST_F(Locks, KilledHolderTakesItsProgramAlongAndTheWaiterGetsTheLock) {
  Program holder = hold({"lock", "n", "--lease", "2s"});
  ASSERT_TRUE(holder.says("begun"));
  const pid_t program = program_of(holder);
  Program waiter = hold({"lock", "n", "--lease", "2s"});
  const auto since = now();
  holder.kill9();
  EXPECT_TRUE(support::eventually([&] { return !runs(program); }, seconds(1)))
      << "nobody guards it any more";
  EXPECT_TRUE(waiter.says("begun", seconds(2 + 2)));
  note("the waiter of a killed holder with a lease of 2 s ran after", since);
}

TEST_F(Locks, BrokenLockStopsItsProgram) {
  Program holder = hold({"lock", "n", "--lease", "60s"});
  ASSERT_TRUE(holder.says("begun"));
  const pid_t program = program_of(holder);
  // A lock is watched as soon as it has been held for a while.
  const Result broken = run({"break", "n", "--yes"});
  EXPECT_EQ(broken.code, 0);
  EXPECT_EQ(broken.err, "");
  const auto since = now();
  EXPECT_EQ(holder.end(), 76);
  note("stopped after", since);
  EXPECT_NE(holder.err().find("toozctl: lock lost; the program was stopped\n"), std::string::npos);
  EXPECT_FALSE(runs(program));
}

TEST_F(Locks, ProgramThatIgnoresTermIsKilledAfterTheGrace) {
  Program holder = start({"lock", "n", "--lease", "2s", "--grace", "100ms", "--", "/bin/sh", "-c",
                          "trap '' TERM; echo begun; while :; do sleep 1000; done"});
  ASSERT_TRUE(holder.says("begun"));
  EXPECT_EQ(run({"break", "n", "--yes"}).code, 0);
  EXPECT_EQ(holder.end(), 76);
}

TEST_F(Locks, LeaderRunsItsProgramAndTheNextOneFollows) {
  Program first = hold({"elect", "g", "--member", "one"});
  ASSERT_TRUE(first.says("elected\n") && first.says("begun"));
  Program second = hold({"elect", "g", "--member", "two"});
  EXPECT_EQ(run({"leader", "g"}).out, "one\n");
  EXPECT_EQ(first.stop(), 128 + SIGTERM);
  EXPECT_TRUE(second.says("elected\n") && second.says("begun"));
  EXPECT_EQ(run({"leader", "g"}).out, "two\n");
  second.kill9();
}

TEST_F(Locks, CandidateCampaignsAgainAfterALoss) {
  Program candidate = start({"elect", "g", "--member", "m", "--lease", "2s"});
  ASSERT_TRUE(candidate.says("elected\n"));
  const Words keys{"get", "--prefix", "", "--keys-only"};
  const std::string all = etcd_.ctl(keys);
  std::istringstream lines(all);
  std::string leader_key;
  for (std::string line; std::getline(lines, line);)
    if (line.find("leader") != std::string::npos) leader_key = line;
  ASSERT_NE(leader_key, "") << all;
  etcd_.ctl({"del", leader_key});
  EXPECT_TRUE(candidate.says("elected\nlost\nelected\n")) << candidate.out();
  EXPECT_EQ(candidate.stop(), 0);
}

// A process that stands still past its lease, and then goes on as if nothing had been.
TEST_F(Locks, StoppedHolderLearnsAtItsFirstLookThatItsTimeIsOver) {
  Program holder = actor({"hold", "n", "2000"});
  ASSERT_TRUE(holder.says("held "));
  Program successor = actor({"hold", "n", "2000"});
  const auto since = now();
  holder.process().freeze();
  ASSERT_TRUE(successor.says("held "));
  note("the successor of a stopped holder with a lease of 2 s had it after", since);
  holder.process().thaw();
  EXPECT_TRUE(holder.says("after a pause 0 ns\n")) << holder.out();
  EXPECT_TRUE(holder.says("lost\n"));
  const auto number = [](const Program& p) { return std::stol(p.out().substr(5)); };
  EXPECT_LT(number(holder), number(successor)) << "a store that has seen the second refuses this";
  EXPECT_EQ(successor.out().find("lost"), std::string::npos);
}

TEST_F(Locks, StoppedToozctlStopsItsProgramWhenItGoesOn) {
  Program holder = hold({"lock", "n", "--lease", "2s"});
  ASSERT_TRUE(holder.says("begun"));
  Program waiter = hold({"lock", "n"});
  holder.process().freeze();
  ASSERT_TRUE(waiter.says("begun"));
  holder.process().thaw();
  EXPECT_EQ(holder.end(), 76);
  EXPECT_TRUE(runs(program_of(waiter)));
}

}  // namespace
}  // namespace e2e
