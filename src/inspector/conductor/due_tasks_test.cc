#include "inspector/conductor/due_tasks.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <vector>

namespace inspector {
namespace {

using namespace std::chrono_literals;

TEST(DueTasks, RunInTheOrderOfTheirTime) {
  sim::SimEnv env(1);
  env.run([&] {
    const auto start = env.now();
    std::vector<std::pair<int, base::Env::Duration>> ran;
    DueTasks tasks(env);
    const auto add = [&](int number, base::Env::Duration after) {
      EXPECT_TRUE(
          tasks.add(start + after, [&, number] { ran.emplace_back(number, env.now() - start); }));
    };
    add(3, 30s);
    add(1, 10s);
    add(2, 20s);
    add(0, 0s);
    EXPECT_EQ(tasks.waiting(), 3U);
    env.sleep_for(1min, {});
    EXPECT_EQ(ran, (std::vector<std::pair<int, base::Env::Duration>>{
                       {0, 0s}, {1, 10s}, {2, 20s}, {3, 30s}}));
  });
}

TEST(DueTasks, ThatWaitAreDroppedAtTheEndAndNoneIsTakenAfterwards) {
  sim::SimEnv env(1);
  env.run([&] {
    bool ran = false;
    DueTasks tasks(env);
    tasks.add(env.now() + 10s, [&] { ran = true; });
    EXPECT_EQ(tasks.close(), 1U);
    EXPECT_FALSE(tasks.add(env.now(), [&] { ran = true; }));
    env.sleep_for(1min, {});
    EXPECT_FALSE(ran);
  });
}

}  // namespace
}  // namespace inspector
