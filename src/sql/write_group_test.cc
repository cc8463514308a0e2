#include "sql/write_group.h"

#include "sim/sim_env.h"

#include <gtest/gtest.h>

namespace sql {
namespace {

using namespace std::chrono_literals;

/// Writers in virtual time; a batch takes 10 ms.
class WriteGroupTest : public testing::Test {
 protected:
  static WriteGroup::Body fine() {
    return [](Transaction&) {};
  }

  void in_simulation(const std::function<void()>& body) { env.run(body); }

  std::unique_ptr<base::Env::Thread> writer(WriteGroup& group, const WriteGroup::Body& body) {
    return env.spawn("writer", [&](const std::stop_token&) {
      try {
        group.run(body);
        ++committed;
      } catch (const Error& e) {
        failures.emplace_back(e.what());
      }
    });
  }

  WriteGroup::Execute execute() {
    return [this](const WriteGroup::Batch& batch) {
      sizes.push_back(batch.size());
      env.sleep_for(10ms, {});
      if (broken) throw Error(Errc::kOther, "the disk is full");
      for (const auto& task : batch)
        if (&task->body == &refused)
          task->failure = std::make_exception_ptr(Error(Errc::kDuplicate, "refused"));
    };
  }

  sim::SimEnv env{1};
  const WriteGroup::Body first = fine(), second = fine(), third = fine(), refused = fine();
  std::vector<std::size_t> sizes;
  std::vector<std::string> failures;
  int committed = 0;
  bool broken = false;
};

TEST_F(WriteGroupTest, WhoComesWhileOthersAreExecutedIsExecutedWithTheNext) {
  in_simulation([&] {
    WriteGroup group(env, 10s, execute());
    auto leader = writer(group, first);
    env.sleep_for(1ms, {});
    auto one = writer(group, second);
    auto other = writer(group, third);
    leader.reset(), one.reset(), other.reset();
  });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(committed, 3);
}

TEST_F(WriteGroupTest, EachGetsHisOwnFailure) {
  in_simulation([&] {
    WriteGroup group(env, 10s, execute());
    auto leader = writer(group, first);
    env.sleep_for(1ms, {});
    auto one = writer(group, refused);
    auto other = writer(group, third);
    leader.reset(), one.reset(), other.reset();
  });
  EXPECT_EQ(committed, 2);
  EXPECT_EQ(failures, std::vector<std::string>{"refused"});
}

TEST_F(WriteGroupTest, AFailureOfTheWholeIsEverybodysAndTheNextIsExecuted) {
  in_simulation([&] {
    WriteGroup group(env, 10s, execute());
    broken = true;
    auto leader = writer(group, first);
    env.sleep_for(1ms, {});
    auto one = writer(group, second);
    auto other = writer(group, third);
    leader.reset(), one.reset(), other.reset();
    broken = false;
    group.run(first);
  });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 2, 1}));
  EXPECT_EQ(failures, std::vector<std::string>(3, "the disk is full"));
}

TEST_F(WriteGroupTest, WhoseTurnDoesNotComeInTimeIsNotExecuted) {
  in_simulation([&] {
    WriteGroup group(env, 5ms, execute());
    auto leader = writer(group, first);
    env.sleep_for(1ms, {});
    auto one = writer(group, second);
    leader.reset(), one.reset();
    group.run(third);
  });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 1}));
  EXPECT_EQ(failures, std::vector<std::string>{"no database connection became free in time"});
}

}  // namespace
}  // namespace sql
