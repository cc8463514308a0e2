#include "toozctl/guard.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/process.h"
#include "toozctl/signals.h"

namespace toozctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// Programs here are shell scripts; one that has set its traps makes the file $READY.
class Guard : public testing::Test {
 protected:
  static void SetUpTestSuite() { Signals::block(); }

  Guarded script(const std::string& text) {
    Guarded guarded;
    guarded.program = {"/bin/sh", "-c", text};
    guarded.environment = {{"READY", ready_}};
    guarded.lost = lost_.get_token();
    guarded.grace = minutes(2);
    return guarded;
  }

  /// Runs it; `act` is called as soon as the program is ready.
  Outcome run(const Guarded& guarded, const std::function<void()>& act) {
    const auto actor = env_.spawn("actor", [&](const std::stop_token& stop) {
      if (support::eventually([&] { return stop.stop_requested() || is_ready(); }) && is_ready())
        act();
    });
    return run_guarded(env_, guarded);
  }

  bool is_ready() const { return std::filesystem::exists(ready_); }

  base::Env& env_ = base::system_env();
  support::TempFolder folder_;
  const std::string ready_ = folder_.path() / "ready";
  std::stop_source lost_;
};

TEST_F(Guard, ExitCodeIsTheProgramsOwn) {
  EXPECT_EQ(run_guarded(env_, script("exit 0")).exit_code, 0);
  const auto outcome = run_guarded(env_, script("exit 7"));
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_FALSE(outcome.lost);
}

TEST_F(Guard, DeathByASignalIsToldAsAShellDoes) {
  EXPECT_EQ(run_guarded(env_, script("kill -9 $$")).exit_code, 128 + SIGKILL);
}

TEST_F(Guard, MissingProgramIs127) {
  Guarded guarded;
  guarded.program = {"/nowhere/such-a-program"};
  EXPECT_EQ(run_guarded(env_, guarded).exit_code, 127);
}

TEST_F(Guard, EnvironmentIsAddedToOurs) {
  setenv("GUARD_TEST_OURS", "kept", 1);
  setenv("GUARD_TEST_BOTH", "old", 1);
  auto guarded = script("test $GUARD_TEST_OURS-$GUARD_TEST_BOTH-$TOKEN = kept-new-5");
  guarded.environment["GUARD_TEST_BOTH"] = "new";
  guarded.environment["TOKEN"] = "5";
  EXPECT_EQ(run_guarded(env_, guarded).exit_code, 0);
}

TEST_F(Guard, ProgramHasNoBlockedSignals) {
  EXPECT_EQ(run_guarded(env_, script("kill -TERM $$; exit 3")).exit_code, 128 + SIGTERM);
}

TEST_F(Guard, SignalsAreHandedOn) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
    std::filesystem::remove(ready_);
    const auto trap = "trap 'kill $! 2>/dev/null; exit 9' " + std::to_string(signal);
    const auto outcome =
        run(script(trap + "; sleep 100 & : > $READY; wait"), [&] { kill(getpid(), signal); });
    EXPECT_EQ(outcome.exit_code, 9) << signal;
    EXPECT_FALSE(outcome.lost) << signal;
  }
}

TEST_F(Guard, LossEndsTheProgramWithTerm) {
  const auto outcome = run(script("trap 'exit 9' TERM; : > $READY; sleep 100 & wait"),
                           [&] { lost_.request_stop(); });
  EXPECT_TRUE(outcome.lost);
  EXPECT_EQ(outcome.exit_code, 9);
}

TEST_F(Guard, LossKillsAProgramThatIgnoresTermAfterTheGrace) {
  auto guarded = script("trap '' TERM; : > $READY; while :; do sleep 100; done");
  guarded.grace = milliseconds(100);
  const auto outcome = run(guarded, [&] { lost_.request_stop(); });
  EXPECT_TRUE(outcome.lost);
  EXPECT_EQ(outcome.exit_code, 128 + SIGKILL);
}

TEST_F(Guard, LossReachesWhatTheProgramStarted) {
  const std::string inner = folder_.path() / "inner";
  auto guarded = script("sh -c 'trap \": > " + inner +
                        "; exit 0\" TERM; : > $READY; sleep 100 & wait' & wait; wait");
  guarded.program[2] = "trap 'wait; exit 4' TERM; " + guarded.program[2];
  const auto outcome = run(guarded, [&] { lost_.request_stop(); });
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_TRUE(support::eventually([&] { return std::filesystem::exists(inner); }));
}

TEST_F(Guard, LossBeforeTheStartEndsTheProgramToo) {
  lost_.request_stop();
  const auto outcome = run_guarded(env_, script("sleep 100"));
  EXPECT_TRUE(outcome.lost);
  EXPECT_EQ(outcome.exit_code, 128 + SIGTERM);
}

}  // namespace
}  // namespace toozctl
