#include "inspector/conductor/report_answers.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

using namespace std::chrono_literals;

class ReportAnswersTest : public testing::Test {
 protected:
  sim::SimEnv env_{1};
  ReportAnswers answers_{env_, 2};
};

TEST_F(ReportAnswersTest, RepeatsJoinTheFirstAndAllGetItsAnswer) {
  env_.run([&] {
    const auto first = answers_.join("d");
    EXPECT_TRUE(first.first);
    int answered = 0;
    std::vector<std::unique_ptr<base::Env::Thread>> threads;
    for (int i = 0; i < 3; ++i)
      threads.push_back(env_.spawn("repeat", [&](const std::stop_token& stop) {
        const auto again = answers_.join("d");
        EXPECT_FALSE(again.first);
        const auto answer = answers_.wait(again.run, env_.now() + 1h, stop);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->uuid, "u");
        ++answered;
      }));
    env_.sleep_for(1s, {});
    answers_.settle(first.run, {.uuid = "u", .error = {}});
    env_.sleep_for(1s, {});
    EXPECT_EQ(answered, 3);
  });
}

TEST_F(ReportAnswersTest, AWaitEndsAtItsDeadlineAndTheAnswerIsThereLater) {
  env_.run([&] {
    const auto first = answers_.join("d");
    EXPECT_FALSE(answers_.wait(first.run, env_.now() + 5s, {}));
    answers_.settle(first.run, {.uuid = "u", .error = {}});
    const auto again = answers_.join("d");
    EXPECT_FALSE(again.first);
    EXPECT_EQ(answers_.wait(again.run, env_.now(), {})->uuid, "u");
  });
}

TEST_F(ReportAnswersTest, WhatIsForgottenBeginsAnew) {
  env_.run([&] {
    const auto first = answers_.join("d");
    answers_.settle(first.run, {});
    answers_.forget(first.run);
    const auto second = answers_.join("d");
    EXPECT_TRUE(second.first);
    answers_.forget(first.run);
    EXPECT_FALSE(answers_.join("d").first);
  });
}

TEST_F(ReportAnswersTest, TooManyAreRefusedForNow) {
  env_.run([&] {
    answers_.join("a");
    answers_.join("b");
    EXPECT_THROW(answers_.join("c"), Error);
    EXPECT_FALSE(answers_.join("a").first);
  });
}

TEST(Sha256, IsTheStandards) {
  const std::string digest = sha256("abc");
  ASSERT_EQ(digest.size(), 32U);
  EXPECT_EQ(digest.substr(0, 4), "\xba\x78\x16\xbf");
}

}  // namespace
}  // namespace inspector
