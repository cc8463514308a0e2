#include "base/retry.h"

#include <gtest/gtest.h>

#include <set>

#include "sim/sim_env.h"

namespace base {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToItsMostAndDrawsHalfOfEachPause) {
  sim::SimEnv env(4);
  Backoff backoff(env, 100ms, 1s);
  for (const Env::Duration whole : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    const Env::Duration pause = backoff.next();
    EXPECT_GE(pause, whole / 2);
    EXPECT_LE(pause, whole);
  }
}

TEST(Backoff, PausesOfManyAreSpread) {
  sim::SimEnv env(4);
  std::set<Env::Duration> pauses;
  for (int i = 0; i < 100; ++i)
    pauses.insert(Backoff(env, 1s, 1s).next());
  EXPECT_EQ(pauses.size(), 100U);
}

TEST(Backoff, StartsAnewAfterReset) {
  sim::SimEnv env(4);
  Backoff backoff(env, 1s, 1min);
  backoff.next();
  backoff.next();
  backoff.reset(1s);
  EXPECT_LE(backoff.next(), 1s);
}

TEST(Backoff, LongAndOddPausesDoNotOverflow) {
  sim::SimEnv env(4);
  Backoff longest(env, Env::Duration::max(), Env::Duration::max());
  EXPECT_GE(longest.next(), Env::Duration::max() / 2);
  EXPECT_GE(longest.next(), Env::Duration::max() / 2);
  EXPECT_LE(Backoff(env, 1h, 1s).next(), 1s);
  EXPECT_EQ(Backoff(env, 0s, 1s).next(), 0s);
}

}  // namespace
}  // namespace base
