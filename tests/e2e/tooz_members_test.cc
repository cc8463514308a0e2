// Members that die, that come back, and that share an id.
#include "tests/e2e/toozctl.h"

namespace e2e {
namespace {

class Members : public WithEtcd {
 protected:
  void SetUp() override { ASSERT_EQ(run({"create", "g"}).code, 0); }

  Program join(const std::string& member, const std::string& lease) const {
    return start({"join", "g", "--member", member, "--lease", lease});
  }
  static std::string event(const std::string& what, const std::string& member) {
    return R"({"event":")" + what + R"(","group":"g","member":")" + member + "\"";
  }
  static std::string process(const Program& program) {
    return "process " + std::to_string(program.pid()) + " on host ";
  }
};

TEST_F(Members, KilledMemberIsSeenToLeaveWithinItsLease) {
  Program watch = start({"watch", "g"});
  Program killed = join("k", "3s");
  Program stays = join("s", "3s");
  ASSERT_TRUE(watch.says(event("joined", "k")) && watch.says(event("joined", "s")));
  const auto since = now();
  killed.kill9();
  EXPECT_TRUE(watch.says(event("left", "k"), seconds(3 + 2)));
  note("a killed member with a lease of 3 s was seen to leave after", since);
  EXPECT_EQ(run({"members", "g"}).out, "s\n");
}

TEST_F(Members, IdOfALiveProcessIsRefusedAtOnceAndBothAreNamed) {
  Program first = join("m", "60s");
  ASSERT_TRUE(first.says("joined\n"));
  Program second = join("m", "60s");
  EXPECT_EQ(second.end(), 1) << "not after a lease of 60 s";
  EXPECT_EQ(second.out(), "");
  EXPECT_NE(second.err().find("toozctl: a live process is member m already\n"), std::string::npos);
  EXPECT_NE(second.err().find(process(first)), std::string::npos) << second.err();
  EXPECT_NE(second.err().find(process(second)), std::string::npos) << second.err();
  EXPECT_TRUE(first.process().running());
  EXPECT_EQ(run({"members", "g"}).out, "m\n");
}

TEST_F(Members, KilledAndStartedAgainTakesItsPlaceAtOnce) {
  Program watch = start({"watch", "g"});
  Program first = join("m", "60s");
  ASSERT_TRUE(first.says("joined\n") && watch.says(event("joined", "m")));
  first.kill9();
  const auto since = now();
  Program second = join("m", "60s");
  EXPECT_TRUE(second.says("joined\n")) << second.err();
  note("joined in the place of a killed process with a lease of 60 s after", since);
  EXPECT_TRUE(watch.says(event("left", "m")));
  EXPECT_EQ(run({"members", "g"}).out, "m\n");
  EXPECT_EQ(second.stop(), 0);
  EXPECT_EQ(run({"members", "g"}).out, "");
}

TEST_F(Members, StoppedMemberLosesItsPlaceAndComesBackByItself) {
  Program watch = start({"watch", "g"});
  Program member = join("m", "2s");
  ASSERT_TRUE(watch.says(event("joined", "m")));
  member.process().freeze();
  EXPECT_TRUE(watch.says(event("left", "m"), seconds(2 + 2)));
  member.process().thaw();
  EXPECT_TRUE(member.warns("toozctl: the lease was lost; joined again\n"));
  EXPECT_EQ(run({"members", "g"}).out, "m\n");
}

}  // namespace
}  // namespace e2e
