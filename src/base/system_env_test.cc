#include "base/env.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace base {
namespace {

using namespace std::chrono_literals;

Env& env() { return system_env(); }

TEST(SystemEnv, SleepIsNeverEarly) {
  const auto when = env().after(2ms);
  EXPECT_TRUE(env().sleep_until(when, {}));
  EXPECT_GE(env().now(), when);
}

TEST(SystemEnv, AMomentInThePastIsNoSleep) {
  EXPECT_TRUE(env().sleep_until(Env::TimePoint::min(), {}));
  EXPECT_TRUE(env().sleep_for(-1h, {}));
}

TEST(SystemEnv, StopEndsASleepWithoutDeadline) {
  std::atomic<bool> slept = true;
  auto thread = env().spawn("sleeper", [&](const std::stop_token& stop) {
    slept = env().sleep_for(Env::Duration::max(), stop);
  });
  thread.reset();
  EXPECT_FALSE(slept);
}

TEST(SystemEnv, SetIsRememberedUntilOneWaitTakesIt) {
  auto event = env().make_event();
  event->set();
  event->set();
  EXPECT_TRUE(event->wait_until(Env::TimePoint::min(), {}));
  EXPECT_FALSE(event->wait_until(env().now(), {}));
}

TEST(SystemEnv, AnEventThatWasSetWinsOverStop) {
  std::stop_source stop;
  stop.request_stop();
  auto event = env().make_event();
  EXPECT_FALSE(event->wait_until(Env::TimePoint::max(), stop.get_token()));
  event->set();
  EXPECT_TRUE(event->wait_until(Env::TimePoint::max(), stop.get_token()));
}

TEST(SystemEnv, TwoThreadsHandEachOtherTheTurn) {
  auto ping = env().make_event();
  auto pong = env().make_event();
  constexpr int kTurns = 2000;
  int turns = 0;  // guarded by whose turn it is
  auto thread = env().spawn("pong", [&](const std::stop_token& stop) {
    while (ping->wait_until(Env::TimePoint::max(), stop)) {
      ++turns;
      pong->set();
    }
  });
  for (int i = 0; i < kTurns; ++i) {
    ++turns;
    ping->set();
    ASSERT_TRUE(pong->wait_until(env().after(1min), {}));
  }
  EXPECT_EQ(turns, 2 * kTurns);
}

TEST(SystemEnv, WhoWakesMayDestroyTheEvent) {
  std::mutex mutex;
  Env::Event* shared = nullptr;
  auto posted = env().make_event();
  auto thread = env().spawn("setter", [&](const std::stop_token& stop) {
    while (posted->wait_until(Env::TimePoint::max(), stop)) {
      const std::lock_guard lock(mutex);
      shared->set();
    }
  });
  for (int i = 0; i < 500; ++i) {
    auto event = env().make_event();
    {
      const std::lock_guard lock(mutex);
      shared = event.get();
    }
    posted->set();
    ASSERT_TRUE(event->wait_until(env().after(1min), {}));
  }
}

TEST(SystemEnv, ThreadsCarryTheStartOfTheirName) {
  std::string name(32, '\0');
  auto thread = env().spawn("conductor-periodic-tasks", [&](const std::stop_token&) {
    pthread_getname_np(pthread_self(), name.data(), name.size());
  });
  thread.reset();
  EXPECT_STREQ(name.c_str(), "conductor-perio");
}

TEST(SystemEnv, RandomFillsEachBit) {
  std::uint64_t seen = 0;
  std::uint64_t missing = 0;
  for (int i = 0; i < 128; ++i) {
    const std::uint64_t value = env().random();
    seen |= value;
    missing |= ~value;
  }
  EXPECT_EQ(seen, ~std::uint64_t{0});
  EXPECT_EQ(missing, ~std::uint64_t{0});
}

TEST(SystemEnv, AfterDoesNotOverflow) {
  EXPECT_EQ(env().after(Env::Duration::max()), Env::TimePoint::max());
  EXPECT_GT(env().after(1h), env().now());
}

/// A server that forks its workers must not give them the same identifiers.
TEST(SystemEnv, TheChildOfAForkHasAChanceOfItsOwn) {
  env().random();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  std::uint64_t drawn = env().random();
  if (child == 0) _exit(write(ends[1], &drawn, sizeof drawn) == sizeof drawn ? 0 : 1);
  ASSERT_GT(child, 0);
  std::uint64_t of_child = drawn;
  EXPECT_EQ(read(ends[0], &of_child, sizeof of_child), static_cast<ssize_t>(sizeof of_child));
  EXPECT_NE(drawn, of_child);
  int status = 1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace base
