// Processes and servers that die and stand still, on every server that a driver speaks to.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include "tests/e2e/toozctl.h"
#include "tests/paths/paths.h"
#include "tests/support/coordination_server.h"
#include "tooz/driver.h"

namespace e2e {
namespace {

using support::CoordinationKind;

std::vector<CoordinationKind> kinds() {
  auto all = support::coordination_kinds();
  std::erase_if(all, [](const CoordinationKind& kind) {
    return std::ranges::find(tooz::drivers(), kind.scheme, &tooz::Driver::scheme) ==
           tooz::drivers().end();
  });
  return all;
}

class EveryServer : public testing::TestWithParam<CoordinationKind> {
 protected:
  Program actor(const Words& words) const {
    return {folder_, after({support::built_path("../tests/tooz_actor"), url()}, words)};
  }
  Program toozctl(const Words& words) const {
    return {folder_, after({support::built_path("toozctl"), "--backend", url()}, words)};
  }
  std::string answer(const Words& words) const {
    Program ctl = toozctl(words);
    ctl.end();
    return ctl.out();
  }
  /// What `held NUMBER ORIGIN` says.
  static std::int64_t number(const Program& holder) { return std::stol(holder.out().substr(5)); }

  support::TempFolder folder_;
  std::unique_ptr<support::CoordinationServer> server_ = GetParam().start();

 private:
  std::string url() const { return server_->url("timeout=2"); }
  static Words after(Words first, const Words& rest) {
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
  }
};

TEST_P(EveryServer, HoldersThatAreKilledOrStandStillAreSucceeded) {
  Program killed = actor({"hold", "n", "2000"});
  ASSERT_TRUE(killed.says("held ")) << killed.err();
  Program stopped = actor({"hold", "n", "2000"});
  killed.kill9();
  ASSERT_TRUE(stopped.says("held ")) << stopped.err();
  Program last = actor({"hold", "n", "2000"});
  stopped.process().freeze();
  ASSERT_TRUE(last.says("held ")) << last.err();
  stopped.process().thaw();
  EXPECT_TRUE(stopped.says("after a pause 0 ns\n")) << "its first look: " << stopped.out();
  EXPECT_TRUE(stopped.says("lost\n"));
  EXPECT_LT(number(killed), number(stopped));
  EXPECT_LT(number(stopped), number(last));
  EXPECT_EQ(last.out().find("lost"), std::string::npos);
}

TEST_P(EveryServer, AServerThatStandsStillLongerThanALeaseTakesTheLock) {
  Program holder = actor({"hold", "n", "2000"});
  ASSERT_TRUE(holder.says("held ")) << holder.err();
  server_->pause();
  EXPECT_TRUE(holder.says("lost\n")) << "nobody needs to tell it";
  server_->resume();
  Program next = actor({"hold", "n", "2000"});
  ASSERT_TRUE(next.says("held ")) << next.err();
  EXPECT_LT(number(holder), number(next));
}

TEST_P(EveryServer, AServerThatIsKilledAndStartedAgainLetsNoTwoIn) {
  const std::string folder = folder_.path() / "turns";
  std::filesystem::create_directory(folder);
  const int rounds = std::getenv("TOOZ_NIGHTLY") == nullptr ? 1 : 10;
  const int turns = 6 * rounds;
  const Words contend{"contend", "n", folder, std::to_string(turns)};
  std::array<Program, 3> contenders{actor(contend), actor(contend), actor(contend)};
  EXPECT_EQ(toozctl({"create", "g"}).end(), 0);
  Program member = toozctl({"join", "g", "--member", "m", "--lease", "2s"});
  ASSERT_TRUE(member.says("joined\n")) << member.err();
  for (Program& one : contenders)
    ASSERT_TRUE(one.says("turn\n")) << one.err();
  for (int round = 0; round < rounds; ++round) {
    server_->kill();
    server_->start();
    EXPECT_EQ(toozctl({"lock", "between", "--", "true"}).end(), 0);
  }
  for (Program& one : contenders)
    EXPECT_TRUE(one.says("done\n", seconds(90))) << one.out() << one.err();
  int count = 0;
  std::ifstream(folder + "/count") >> count;
  EXPECT_EQ(count, 3 * turns);
  EXPECT_TRUE(support::eventually(
      [&] {
        return answer({"members", "g"}) == "m\n";
      },
      seconds(90)))
      << member.err();
  EXPECT_EQ(member.stop(), 0);
}

std::string name_of(const testing::TestParamInfo<CoordinationKind>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Of, EveryServer, testing::ValuesIn(kinds()), name_of);

}  // namespace
}  // namespace e2e
