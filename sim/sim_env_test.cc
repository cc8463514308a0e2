#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;
using Threads = std::vector<std::unique_ptr<Env::Thread>>;

/// What three threads that compete for the baton and for chance do; `log` tells the order.
std::uint64_t scramble(std::uint64_t seed, std::vector<std::string>& log) {
  SimEnv env(seed);
  env.run([&] {
    Threads threads;
    for (const std::string name : {"a", "b", "c"}) {
      threads.push_back(env.spawn(name, [&, name](const std::stop_token& stop) {
        for (int i = 0; i < 20; ++i) {
          log.push_back(name + std::to_string(env.now().time_since_epoch().count()));
          env.sleep_for(Env::Duration(env.random() % 3), stop);
        }
      }));
    }
    env.sleep_for(1h, {});
  });
  return env.trace_hash();
}

TEST(SimEnv, SameSeedIsTheSameRun) {
  std::vector<std::string> first;
  std::vector<std::string> second;
  EXPECT_EQ(scramble(7, first), scramble(7, second));
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.size(), 60U);
}

TEST(SimEnv, OtherSeedsAreOtherRuns) {
  std::set<std::uint64_t> hashes;
  std::set<std::vector<std::string>> logs;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::string> log;
    hashes.insert(scramble(seed, log));
    logs.insert(log);
  }
  EXPECT_EQ(hashes.size(), 20U);
  EXPECT_EQ(logs.size(), 20U);
}

TEST(SimEnv, DaysPassWithoutRealTime) {
  SimEnv env(1);
  env.run([&] {
    const auto start = env.now();
    const auto wall = env.wall_time();
    int beats = 0;
    auto beat = env.spawn("beat", [&](const std::stop_token& stop) {
      while (env.sleep_for(10s, stop))
        ++beats;
    });
    EXPECT_TRUE(env.sleep_for(48h + 1s, {}));
    beat.reset();
    EXPECT_EQ(env.now() - start, 48h + 1s);
    EXPECT_EQ(env.wall_time() - wall, 48h + 1s);
    EXPECT_EQ(beats, 48 * 360);
  });
}

TEST(SimEnv, EachOrderOfTwoThreadsOccurs) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SimEnv env(seed);
    std::string order;
    env.run([&] {
      auto a = env.spawn("a", [&](const std::stop_token&) { order += 'a'; });
      auto b = env.spawn("b", [&](const std::stop_token&) { order += 'b'; });
    });
    orders.insert(order);
  }
  EXPECT_EQ(orders, (std::set<std::string>{"ab", "ba"}));
}

TEST(SimEnv, AThreadCanBeOvertakenBetweenTheClockAndTheNextLine) {
  int stale = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SimEnv env(seed);
    env.run([&] {
      auto& process = env.process("p");
      auto thread = process.spawn("looks", [&](const std::stop_token&) {
        const auto seen = process.now();
        if (env.now() - seen >= 1min) ++stale;
      });
      process.freeze_until(env.now() + 1min);
    });
  }
  EXPECT_GT(stale, 0);
  EXPECT_LT(stale, 50);
}

TEST(SimEnv, EventIsRememberedUntilOneWaitTakesIt) {
  SimEnv env(3);
  env.run([&] {
    auto event = env.make_event();
    event->set();
    event->set();
    EXPECT_TRUE(event->wait_until(Env::TimePoint::min(), {}));
    EXPECT_FALSE(event->wait_until(env.now(), {}));
  });
}

TEST(SimEnv, EventEndsAtItsDeadlineAndNotBefore) {
  SimEnv env(3);
  env.run([&] {
    auto event = env.make_event();
    const auto deadline = env.now() + 5s;
    EXPECT_FALSE(event->wait_until(deadline, {}));
    EXPECT_EQ(env.now(), deadline);
  });
}

TEST(SimEnv, OneSetWakesOneOfTwoWaiters) {
  SimEnv env(9);
  env.run([&] {
    auto event = env.make_event();
    int woken = 0;
    const auto wait = [&](const std::stop_token&) {
      if (event->wait_until(env.after(10s), {})) ++woken;
    };
    auto a = env.spawn("a", wait);
    auto b = env.spawn("b", wait);
    env.sleep_for(1s, {});
    event->set();
    a.reset();
    b.reset();
    EXPECT_EQ(woken, 1);
  });
}

TEST(SimEnv, StopEndsSleepsAndWaits) {
  SimEnv env(3);
  env.run([&] {
    const auto start = env.now();
    auto event = env.make_event();
    bool slept = true;
    bool set = true;
    auto sleeper = env.spawn("sleeper", [&](const std::stop_token& stop) {
      slept = env.sleep_until(Env::TimePoint::max(), stop);
    });
    auto waiter = env.spawn("waiter", [&](const std::stop_token& stop) {
      set = event->wait_until(Env::TimePoint::max(), stop);
    });
    env.sleep_for(1s, {});
    sleeper.reset();
    waiter.reset();
    EXPECT_FALSE(slept);
    EXPECT_FALSE(set);
    EXPECT_EQ(env.now() - start, 1s);
  });
}

TEST(SimEnv, AStopCallbackMaySetAnEvent) {
  SimEnv env(3);
  env.run([&] {
    auto event = env.make_event();
    bool woken = false;
    auto waiter = env.spawn("waiter", [&](const std::stop_token& stop) {
      const std::stop_callback wake(stop, [&] { event->set(); });
      woken = event->wait_until(Env::TimePoint::max(), {});
    });
    env.sleep_for(1s, {});
    waiter.reset();
    EXPECT_TRUE(woken);
  });
}

TEST(SimProcess, FrozenThreadsStandStillAndOthersGoOn) {
  SimEnv env(11);
  env.run([&] {
    auto& frozen = env.process("frozen");
    auto& free = env.process("free");
    int frozen_beats = 0;
    int free_beats = 0;
    auto a = frozen.spawn("beat", [&](const std::stop_token& stop) {
      while (frozen.sleep_for(1s, stop))
        ++frozen_beats;
    });
    auto b = free.spawn("beat", [&](const std::stop_token& stop) {
      while (free.sleep_for(1s, stop))
        ++free_beats;
    });
    env.sleep_for(500ms, {});
    frozen.freeze_until(env.now() + 60s);
    env.sleep_for(59s, {});
    EXPECT_EQ(frozen_beats, 0);
    EXPECT_EQ(free_beats, 59);
    env.sleep_for(2200ms, {});
    EXPECT_EQ(frozen_beats, 1 + 1);  // the timer that ran out meanwhile, and one second
    frozen.freeze_until(Env::TimePoint::max());
    env.sleep_for(1h, {});
    EXPECT_EQ(frozen_beats, 2);
    frozen.freeze_until(env.now());
    env.sleep_for(1500ms, {});
    EXPECT_GT(frozen_beats, 2);
  });
}

TEST(SimProcess, AThreadThatFreezesItsOwnProcessStopsThere) {
  SimEnv env(11);
  env.run([&] {
    auto& process = env.process("p");
    Env::TimePoint resumed;
    const auto until = env.now() + 30s;
    auto thread = process.spawn("self", [&](const std::stop_token&) {
      process.freeze_until(until);
      resumed = process.now();
    });
    thread.reset();
    EXPECT_EQ(resumed, until);
  });
}

TEST(SimProcess, AKilledProcessDoesNothingMoreNotEvenItsDestructors) {
  struct Farewell {
    explicit Farewell(bool& s) : said(s) {}
    ~Farewell() { said = true; }
    bool& said;
  };
  SimEnv env(5);
  bool said = false;
  int beats = 0;
  env.run([&] {
    auto& process = env.process("p");
    auto thread = process.spawn("main", [&](const std::stop_token& stop) {
      const Farewell farewell(said);
      auto child = process.spawn("child", [&](const std::stop_token& child_stop) {
        while (process.sleep_for(1s, child_stop))
          ++beats;
      });
      process.sleep_until(Env::TimePoint::max(), stop);
    });
    env.sleep_for(10500ms, {});
    EXPECT_TRUE(process.alive());
    process.kill();
    EXPECT_FALSE(process.alive());
    env.sleep_for(1h, {});
    EXPECT_EQ(beats, 10);
    thread.reset();  // returns at once
    EXPECT_THROW(process.spawn("late", [](const std::stop_token&) {}), std::logic_error);
  });
  EXPECT_FALSE(said);
}

TEST(SimProcess, AfterAKillTheNameIsANewProcess) {
  SimEnv env(5);
  env.run([&] {
    SimProcess& first = env.process("p");
    EXPECT_EQ(&env.process("p"), &first);
    first.kill();
    SimProcess& second = env.process("p");
    EXPECT_NE(&second, &first);
    bool ran = false;
    auto thread = second.spawn("main", [&](const std::stop_token&) { ran = true; });
    thread.reset();
    EXPECT_TRUE(ran);
  });
}

TEST(SimProcess, AThreadCanKillItsOwnProcess) {
  SimEnv env(5);
  bool survived = false;
  env.run([&] {
    auto& process = env.process("p");
    auto thread = process.spawn("main", [&](const std::stop_token&) {
      process.kill();
      survived = true;
    });
    thread.reset();
    env.sleep_for(1s, {});
  });
  EXPECT_FALSE(survived);
}

std::string failure_of(SimEnv& env, std::function<void()> body) {
  try {
    env.run(std::move(body));
  } catch (const SimError& e) {
    return e.what();
  }
  return "no failure";
}

TEST(SimEnv, DeadlockNamesEachThreadAndWhatItWaitsIn) {
  SimEnv env(77);
  const std::string text = failure_of(env, [&] {
    auto event = env.make_event();
    auto a = env.process("p").spawn(
        "stuck", [&](const std::stop_token&) { event->wait_until(Env::TimePoint::max(), {}); });
    a.reset();
  });
  EXPECT_NE(text.find("seed 77"), std::string::npos) << text;
  EXPECT_NE(text.find("1 main/main waits in join of thread 2"), std::string::npos) << text;
  EXPECT_NE(text.find("2 p/stuck waits in event 1"), std::string::npos) << text;
}

TEST(SimEnv, ARunThatDoesNotEndReachesItsBound) {
  SimEnv env(1, {.steps = 1000});
  const std::string text = failure_of(env, [&] {
    while (env.now() >= Env::TimePoint::min()) {
    }
  });
  EXPECT_NE(text.find("bound on steps"), std::string::npos) << text;
  EXPECT_NE(text.find("main/main can run"), std::string::npos) << text;
}

TEST(SimEnv, WhatAThreadThrowsEndsTheRun) {
  SimEnv env(1);
  EXPECT_THROW(env.run([&] {
    auto a = env.spawn("a", [](const std::stop_token&) { throw std::out_of_range("a's"); });
    env.sleep_until(Env::TimePoint::max(), {});
  }),
               std::out_of_range);
}

TEST(SimEnv, ManyRunsWithKillsAndFreezesReplay) {
  const auto world = [](std::uint64_t seed) {
    SimEnv env(seed);
    env.run([&] {
      Threads threads;
      const auto until = env.now() + 1h;
      for (const std::string name : {"a", "b", "c"}) {
        auto& process = env.process(name);
        threads.push_back(process.spawn("main", [&](const std::stop_token& stop) {
          while (process.now() < until)
            process.sleep_for(std::chrono::milliseconds(process.random() % 5000), stop);
        }));
      }
      env.sleep_for(std::chrono::seconds(env.random() % 1000), {});
      env.process("a").freeze_until(env.now() + std::chrono::seconds(env.random() % 100));
      env.sleep_for(std::chrono::seconds(env.random() % 1000), {});
      env.process("b").kill();
      env.sleep_until(until, {});
    });
    return env.trace_hash();
  };
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    EXPECT_EQ(world(seed), world(seed)) << seed;
}

TEST(SimEnvDeathTest, AMutexHeldAcrossAnEnvCallIsNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        SimEnv env(1, {.stuck_after = 1s});
        env.run([&] {
          std::mutex mutex;
          auto a = env.spawn("holds", [&](const std::stop_token& stop) {
            const std::lock_guard lock(mutex);
            env.sleep_for(1h, stop);
          });
          env.sleep_for(1s, {});
          const std::lock_guard lock(mutex);
        });
      },
      "main/main made no Env call.*\n.*\n  2 main/holds waits in sleep");
}

}  // namespace
}  // namespace sim
