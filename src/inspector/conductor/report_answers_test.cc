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

TEST_F(ReportAnswersTest, WhatIsGivenBackWakesTheFirstAndNobodyElse) {
  using Led = ReportAnswers::Led;
  env_.run([&] {
    const auto run = answers_.join("d").run;
    std::optional<Led> led;
    auto leader = env_.spawn("leader", [&](const std::stop_token& stop) {
      led = answers_.lead(run, env_.now() + 1h, stop);
    });
    bool answered = false;
    auto repeat = env_.spawn("repeat", [&](const std::stop_token& stop) {
      answered = answers_.wait(run, env_.now() + 1h, stop).has_value();
    });
    env_.sleep_for(1s, {});
    EXPECT_TRUE(answers_.give_back(run));
    env_.sleep_for(1s, {});
    EXPECT_EQ(led, Led::kGivenBack);
    EXPECT_FALSE(answered);
    EXPECT_EQ(answers_.lead(run, env_.now() + 1s, {}), Led::kNothing);
    answers_.settle(run, {});
    env_.sleep_for(1s, {});
    EXPECT_TRUE(answered);
    EXPECT_EQ(answers_.lead(run, env_.now(), {}), Led::kAnswered);
  });
}

TEST_F(ReportAnswersTest, WhoLeavesHasToSettleWhatWasGivenBackBefore) {
  env_.run([&] {
    const auto one = answers_.join("a").run;
    EXPECT_TRUE(answers_.give_back(one));
    EXPECT_FALSE(answers_.leave(one));
    const auto two = answers_.join("b").run;
    EXPECT_TRUE(answers_.leave(two));
    EXPECT_FALSE(answers_.give_back(two));
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
