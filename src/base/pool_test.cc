#include "base/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/sim_env.h"

namespace base {
namespace {

using namespace std::chrono_literals;

/// Each test runs in a few simulated worlds, so in other orders of its threads.
template <class Body>
void simulate(const Body& body) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    sim::SimEnv env(seed);
    env.run([&] { body(env); });
  }
}

/// An Env that counts the threads that run through it; told to, it has none to give.
class CountingEnv final : public Env {
 public:
  explicit CountingEnv(Env& under) : under_(under) {}

  TimePoint now() const noexcept override { return under_.now(); }
  WallTime wall_time() const noexcept override { return under_.wall_time(); }
  bool sleep_until(TimePoint when, std::stop_token stop) override {
    return under_.sleep_until(when, std::move(stop));
  }
  std::unique_ptr<Event> make_event() override { return under_.make_event(); }
  std::uint64_t random() noexcept override { return under_.random(); }
  std::unique_ptr<Thread> spawn(std::string name,
                                std::function<void(std::stop_token)> body) override {
    if (exhausted)
      throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    ++started;
    return under_.spawn(std::move(name), [this, body = std::move(body)](std::stop_token stop) {
      ++living;
      body(std::move(stop));
      --living;
    });
  }

  bool exhausted = false;
  std::atomic<int> started = 0;
  std::atomic<int> living = 0;

 private:
  Env& under_;
};

Pool::Task sleeps(Env& env, Env::Duration d) {
  return [&env, d](const std::stop_token& stop) { env.sleep_for(d, stop); };
}

TEST(Pool, RunsWhatItAccepted) {
  simulate([](Env& env) {
    int done = 0;
    Pool pool(env, {.name = "p", .max_threads = 3});
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(pool.submit([&](const std::stop_token& stop) {
        env.sleep_for(1s, stop);
        ++done;
      }));
    }
    EXPECT_TRUE(pool.drain(env.after(1h)));
    EXPECT_EQ(done, 50);
    EXPECT_EQ(pool.queued(), 0U);
    EXPECT_EQ(pool.running(), 0U);
  });
}

TEST(Pool, NeverRunsMoreAtOnceThanItsThreadsNorQueuesMoreThanItsBound) {
  simulate([](Env& env) {
    int running = 0;
    int most = 0;
    Pool pool(env, {.name = "p", .max_threads = 2, .max_queued = 3});
    const auto task = [&](const std::stop_token& stop) {
      most = std::max(most, ++running);
      env.sleep_for(10s, stop);
      --running;
    };
    for (int i = 0; i < 5; ++i)
      EXPECT_TRUE(pool.submit(task));
    EXPECT_FALSE(pool.submit(task));
    env.sleep_for(1s, {});
    EXPECT_EQ(pool.running(), 2U);
    EXPECT_EQ(pool.queued(), 3U);
    EXPECT_FALSE(pool.submit(task));
    env.sleep_for(10s, {});
    EXPECT_TRUE(pool.submit(task));
    EXPECT_TRUE(pool.drain(env.after(1h)));
    EXPECT_EQ(most, 2);
  });
}

TEST(Pool, DrainTakesNoMoreTasks) {
  simulate([](Env& env) {
    Pool pool(env, {.name = "p"});
    EXPECT_TRUE(pool.drain(env.now()));
    EXPECT_FALSE(pool.submit([](const std::stop_token&) { ADD_FAILURE(); }));
  });
}

TEST(Pool, DrainPastItsDeadlineDropsTheWaitingAndStopsTheRunning) {
  simulate([](Env& env) {
    int stopped = 0;
    int ran = 0;
    Pool pool(env, {.name = "p", .max_threads = 1});
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(pool.submit([&](const std::stop_token& stop) {
        ++ran;
        if (!env.sleep_for(1h, stop)) ++stopped;
      }));
    }
    const auto deadline = env.after(1min);
    EXPECT_FALSE(pool.drain(deadline));
    EXPECT_EQ(env.now(), deadline);
    EXPECT_EQ(ran, 1);
    EXPECT_EQ(stopped, 1);
    EXPECT_EQ(pool.running() + pool.queued(), 0U);
  });
}

TEST(Pool, TwoMayDrainAtOnce) {
  simulate([](Env& env) {
    Pool pool(env, {.name = "p"});
    EXPECT_TRUE(pool.submit(sleeps(env, 10s)));
    auto other = env.spawn(
        "other", [&](const std::stop_token&) { EXPECT_TRUE(pool.drain(env.after(1min))); });
    EXPECT_TRUE(pool.drain(env.after(1min)));
    other.reset();
  });
}

TEST(Pool, ThreadsEndWhenIdleAndStartAgain) {
  simulate([](Env& under) {
    CountingEnv env(under);
    Pool pool(env, {.name = "p", .max_threads = 4, .idle = 5s});
    for (int i = 0; i < 4; ++i)
      EXPECT_TRUE(pool.submit(sleeps(env, 1s)));
    env.sleep_for(2s, {});
    EXPECT_EQ(env.living, 4);
    env.sleep_for(5s, {});
    EXPECT_EQ(env.living, 0);
    EXPECT_TRUE(pool.submit(sleeps(env, 1s)));
    env.sleep_for(100ms, {});
    EXPECT_EQ(env.living, 1);
  });
}

TEST(Pool, AnIdleThreadIsUsedBeforeANewOneStarts) {
  simulate([](Env& under) {
    CountingEnv env(under);
    Pool pool(env, {.name = "p", .max_threads = 4, .idle = 5s});
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(pool.submit(sleeps(env, 1s)));
      env.sleep_for(2s, {});
    }
    EXPECT_EQ(env.started, 1);
  });
}

TEST(Pool, TasksThatComeAtOnceGetAThreadEachEvenIfTheFirstNeverEnds) {
  simulate([](Env& env) {
    Pool pool(env, {.name = "p", .max_threads = 4, .idle = 1h});
    for (int round = 0; round < 2; ++round) {  // the second finds idle threads
      int begun = 0;
      const auto all = env.make_event();
      for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(pool.submit([&](const std::stop_token& stop) {
          if (++begun == 4) all->set();
          env.sleep_for(1h, stop);
        }));
      EXPECT_TRUE(all->wait_until(env.after(1s), {}));
      env.sleep_for(2h, {});
    }
  });
}

TEST(Pool, WhatATaskThrowsHarmsNobody) {
  simulate([](Env& env) {
    int done = 0;
    Pool pool(env, {.name = "p", .max_threads = 1});
    EXPECT_TRUE(pool.submit([](const std::stop_token&) { throw std::runtime_error("expected"); }));
    EXPECT_TRUE(pool.submit([](const std::stop_token&) { throw 1; }));
    EXPECT_TRUE(pool.submit([&](const std::stop_token&) { ++done; }));
    EXPECT_TRUE(pool.drain(env.after(1min)));
    EXPECT_EQ(done, 1);
  });
}

TEST(Pool, WithoutAnyThreadATaskIsRefusedAndWithOneItWaits) {
  simulate([](Env& under) {
    CountingEnv env(under);
    int done = 0;
    const auto task = [&](const std::stop_token& stop) {
      env.sleep_for(1s, stop);
      ++done;
    };
    Pool pool(env, {.name = "p", .max_threads = 4});
    env.exhausted = true;
    EXPECT_FALSE(pool.submit(task));
    env.exhausted = false;
    EXPECT_TRUE(pool.submit(task));
    env.exhausted = true;
    EXPECT_TRUE(pool.submit(task));
    EXPECT_TRUE(pool.drain(env.after(1min)));
    EXPECT_EQ(done, 2);
  });
}

TEST(Pool, ATaskMaySubmitAnother) {
  simulate([](Env& env) {
    int done = 0;
    Pool pool(env, {.name = "p", .max_threads = 1});
    EXPECT_TRUE(pool.submit([&](const std::stop_token&) {
      EXPECT_TRUE(pool.submit([&](const std::stop_token&) { ++done; }));
    }));
    env.sleep_for(1s, {});
    EXPECT_TRUE(pool.drain(env.after(1min)));
    EXPECT_EQ(done, 1);
  });
}

TEST(Pool, ManySubmittersOnTheMachinesOwnThreads) {
  Env& env = system_env();
  std::atomic<int> accepted = 0;
  std::atomic<int> done = 0;
  Pool pool(env, {.name = "p", .max_threads = 4, .max_queued = 50, .idle = 1us});
  std::vector<std::unique_ptr<Env::Thread>> submitters;
  submitters.reserve(4);
  for (int i = 0; i < 4; ++i) {
    submitters.push_back(env.spawn("submitter", [&](const std::stop_token&) {
      for (int n = 0; n < 1000; ++n)
        if (pool.submit([&](const std::stop_token&) { ++done; })) ++accepted;
    }));
  }
  submitters.clear();
  EXPECT_TRUE(pool.drain(env.after(1min)));
  EXPECT_EQ(done, accepted);
  EXPECT_GT(done, 0);
}

}  // namespace
}  // namespace base
