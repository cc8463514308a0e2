#include "inspector/conductor/report_answers.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using Answer = ReportAnswers::Answer;

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
    answers_.settle(first.run, {.uuid = "u", .attempt = {}, .error = {}, .keep = true});
    env_.sleep_for(1s, {});
    EXPECT_EQ(answered, 3);
  });
}

TEST_F(ReportAnswersTest, AWaitEndsAtItsDeadlineAndTheAnswerIsThereLater) {
  env_.run([&] {
    const auto first = answers_.join("d");
    EXPECT_FALSE(answers_.wait(first.run, env_.now() + 5s, {}));
    answers_.settle(first.run, {.uuid = "u", .attempt = {}, .error = {}, .keep = true});
    const auto again = answers_.join("d");
    ASSERT_TRUE(again.kept);
    EXPECT_EQ(again.kept->uuid, "u");
  });
}

TEST_F(ReportAnswersTest, WhatIsNotToBeKeptIsProcessedAnew) {
  env_.run([&] {
    const auto first = answers_.join("d");
    answers_.settle(first.run, {});
    EXPECT_TRUE(answers_.join("d").first);
  });
}

TEST_F(ReportAnswersTest, KeptAnswersAreDroppedAfterAnHourAndTheOldestWhenThereAreTooMany) {
  env_.run([&] {
    for (const char* digest : {"a", "b", "c"})
      answers_.settle(answers_.join(digest).run,
                      {.uuid = "u", .attempt = {}, .error = {}, .keep = true});
    EXPECT_TRUE(answers_.join("c").kept);
    EXPECT_TRUE(answers_.join("a").first);
    env_.sleep_for(2h, {});
    EXPECT_TRUE(answers_.join("c").first);
  });
}

TEST_F(ReportAnswersTest, AReplacedAnswerBeginsOneNewRun) {
  env_.run([&] {
    const auto first = answers_.join("d");
    answers_.settle(first.run, {.uuid = "u", .attempt = {}, .error = {}, .keep = true});
    const auto kept = answers_.join("d");
    EXPECT_TRUE(answers_.replace("d", kept.run).first);
    EXPECT_FALSE(answers_.replace("d", kept.run).first);
  });
}

TEST(Sha256, IsTheStandards) {
  const std::string digest = sha256("abc");
  ASSERT_EQ(digest.size(), 32U);
  EXPECT_EQ(digest.substr(0, 4), "\xba\x78\x16\xbf");
}

}  // namespace
}  // namespace inspector
