#include "inspector/conductor/pacer.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <vector>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using base::Env;

TEST(Pacer, TurnsComeInOrderAndADelayApart) {
  sim::SimEnv env(1);
  env.run([&] {
    const auto start = env.now();
    std::vector<std::pair<int, Env::Duration>> turns;
    Pacer pacer(env, 5s, 10);
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(pacer.submit([&, i] { turns.emplace_back(i, env.now() - start); }));
    EXPECT_TRUE(pacer.drain(env.now() + 1h));
    EXPECT_EQ(turns, (std::vector<std::pair<int, Env::Duration>>{{0, 0s}, {1, 5s}, {2, 10s}}));
  });
}

TEST(Pacer, WhoComesAfterAPauseGoesAtOnceAndTheNextWaits) {
  sim::SimEnv env(1);
  env.run([&] {
    std::vector<Env::Duration> turns;
    Pacer pacer(env, 5s, 10);
    pacer.submit([] {});
    env.sleep_for(60s, {});
    const auto start = env.now();
    for (int i = 0; i < 2; ++i)
      pacer.submit([&] { turns.push_back(env.now() - start); });
    pacer.drain(env.now() + 1h);
    EXPECT_EQ(turns, (std::vector<Env::Duration>{0s, 5s}));
  });
}

TEST(Pacer, AFullQueueRefuses) {
  sim::SimEnv env(1);
  env.run([&] {
    Pacer pacer(env, 5s, 2);
    int accepted = 0;
    for (int i = 0; i < 10; ++i)
      accepted += pacer.submit([] {}) ? 1 : 0;
    EXPECT_GE(accepted, 2);
    EXPECT_LE(accepted, 4);  // one may have had its turn, one may wait on the thread
    EXPECT_EQ(pacer.drain(env.now() + 1h), true);
  });
}

TEST(Pacer, DrainEndsAtItsDeadlineAndDropsTheRest) {
  sim::SimEnv env(1);
  env.run([&] {
    int turns = 0;
    Pacer pacer(env, 5s, 10);
    for (int i = 0; i < 10; ++i)
      pacer.submit([&] { ++turns; });
    const auto deadline = env.now() + 12s;
    EXPECT_FALSE(pacer.drain(deadline));
    EXPECT_EQ(env.now(), deadline);
    EXPECT_EQ(turns, 3);
    EXPECT_EQ(pacer.waiting(), 0U);
    EXPECT_FALSE(pacer.submit([] {}));
  });
}

TEST(Pacer, TheLastOneCutOffByDrainCountsAsDropped) {
  sim::SimEnv env(1);
  env.run([&] {
    Pacer pacer(env, 5s, 10);
    for (int i = 0; i < 2; ++i)
      pacer.submit([] {});
    EXPECT_FALSE(pacer.drain(env.now() + 1s));
  });
}

TEST(Pacer, WithoutADelayNobodyWaits) {
  sim::SimEnv env(1);
  env.run([&] {
    Pacer pacer(env, 0s, 10);
    bool ran = false;
    EXPECT_TRUE(pacer.submit([&] { ran = true; }));
    EXPECT_TRUE(ran);
  });
}

}  // namespace
}  // namespace inspector
