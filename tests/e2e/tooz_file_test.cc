// toozctl over file://: processes of one machine that share a directory.
#include <fstream>

#include "tests/e2e/toozctl.h"
#include "tests/paths/paths.h"

namespace e2e {
namespace {

class OverFiles : public testing::Test {
 protected:
  Program start(Words words) const {
    words.insert(words.begin(), {support::built_path("toozctl"), "--backend", url_});
    return {folder_, words};
  }
  int run(const Words& words) const { return start(words).end(); }
  Words actor(Words words) const {  // tooz_actor.cc
    words.insert(words.begin(), {support::built_path("../tests/tooz_actor"), url_});
    return words;
  }

  support::TempFolder folder_;
  const std::string url_ = "file://" + (folder_.path() / "tooz").string();
};

TEST_F(OverFiles, ProcessesShareGroupsMembersAndLeaders) {
  ASSERT_EQ(run({"create", "g"}), 0);
  Program watch = start({"watch", "g"});
  Program member = start({"join", "g", "--member", "m", "--lease", "2s"});
  ASSERT_TRUE(watch.says(R"("joined","group":"g","member":"m")")) << watch.err();
  Program leader = start({"elect", "g", "--member", "l"});
  EXPECT_TRUE(watch.says(R"("leader","group":"g","member":"l")")) << watch.err();
  member.kill9();
  EXPECT_TRUE(watch.says(R"("left","group":"g","member":"m")", seconds(2 + 2))) << watch.err();
}

TEST_F(OverFiles, LockOfAKilledHolderGoesToTheNext) {
  const Words program{"--", "/bin/sh", "-c", "echo begun; exec sleep 1000"};
  const auto hold = [&] {
    Words words{"lock", "n", "--lease", "2s"};
    words.insert(words.end(), program.begin(), program.end());
    return start(words);
  };
  Program holder = hold();
  ASSERT_TRUE(holder.says("begun\n")) << holder.err();
  EXPECT_EQ(run({"lock", "n", "--try", "--", "true"}), 75);
  Program waiter = hold();
  holder.kill9();
  EXPECT_TRUE(waiter.says("begun\n", seconds(2 + 2))) << waiter.err();
}

TEST_F(OverFiles, ProcessesKilledAtAnyMomentHarmNobodyElse) {
  constexpr int kTurns = 6;
  std::vector<std::unique_ptr<Program>> contenders;
  for (int i = 0; i < 3; ++i)
    contenders.push_back(std::make_unique<Program>(
        folder_, actor({"contend", "n", folder_.path(), std::to_string(kTurns)})));
  for (int i = 0; i < 12; ++i) {
    Program victim(folder_, actor({"hold", "n", "500"}));
    const bool as_holder = i % 4 == 0;
    victim.says("held", as_holder ? Env::Duration(kSoon) : milliseconds(5 * i));
    victim.kill9();
  }
  for (const auto& contender : contenders) {
    EXPECT_TRUE(contender->says("done", 2 * kSoon)) << contender->out() << contender->err();
    EXPECT_EQ(contender->end(), 0);
  }
  int count = 0;
  std::ifstream(folder_.path() / "count") >> count;
  EXPECT_EQ(count, 3 * kTurns);
  EXPECT_EQ(run({"groups"}), 0) << "the file is whole";
}

}  // namespace
}  // namespace e2e
