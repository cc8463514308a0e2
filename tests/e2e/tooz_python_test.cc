// Python's tooz and ours in one etcd.
#include <boost/json.hpp>

#include <fstream>

#include "tests/e2e/toozctl.h"
#include "tests/paths/paths.h"

namespace e2e {
namespace {

namespace json = boost::json;

class WithPython : public WithEtcd {
 protected:
  void SetUp() override { options_ = "api_version=v3&membership_timeout=3&lock_timeout=3"; }

  /// Members and capabilities of group g as ours and as Python shows them.
  json::value ours() const {
    json::object all;
    const Result result = run({"members", "g", "--json"});
    if (result.code != 0) return nullptr;
    const json::value parsed = json::parse(result.out);
    for (const auto& member : parsed.as_array())
      all[member.at("member").as_string()] = member.at("capabilities");
    return all;
  }
  json::value pythons() const { return json::parse(answer({"members", "g"})); }
  std::string answer(const Words& words) const {
    Program program = python(words);
    EXPECT_EQ(program.end(), 0) << program.err();
    return program.out();
  }
  Program join(const std::string& member, const std::string& capabilities = "{}") const {
    return start({"join", "g", "--member", member, "--capabilities", capabilities});
  }
  Program hold() const {
    return start({"lock", "n", "--", "/bin/sh", "-c", "echo begun; exec sleep 1000"});
  }
  int try_ours() const { return run({"lock", "n", "--try", "--", "true"}).code; }
  /// Exactly what is asked for, at last.
  template <class Seen>
  static void expect_in_the_end(const Seen& seen, const std::string& expected) {
    const json::value wanted = json::parse(expected);
    EXPECT_TRUE(support::eventually([&] { return seen() == wanted; }, kSoon))
        << json::serialize(seen());
  }
};

TEST_F(WithPython, BothSeeEachOthersGroupsMembersAndCapabilities) {
  Program theirs = python(
      {"join", "g", "p", R"({"rpc":"http://h:1","weight":2,"deep":[1,true,null,1.5,-1,"é"]})"});
  ASSERT_TRUE(theirs.says("joined\n")) << theirs.err();
  Program mine = join("c", R"({"weight":3,"url":"http://h:2","deep":{"é":[-70000,2.25]}})");
  Program plain = join("d");
  ASSERT_TRUE(mine.says("joined\n") && plain.says("joined\n")) << mine.err();
  const std::string all = R"({"c":{"weight":3,"url":"http://h:2","deep":{"é":[-70000,2.25]}},
      "d":{}, "p":{"rpc":"http://h:1","weight":2,"deep":[1,true,null,1.5,-1,"é"]}})";
  EXPECT_EQ(ours(), json::parse(all));
  EXPECT_EQ(pythons(), json::parse(all));

  EXPECT_EQ(run({"create", "made-here"}).code, 0);
  EXPECT_EQ(run({"groups"}).out, "g\nmade-here\n");
  EXPECT_NE(answer({"groups"}).find("\"made-here\""), std::string::npos);
  EXPECT_EQ(answer({"members", "made-here"}), "{}\n");

  EXPECT_EQ(theirs.stop(), 0) << theirs.err();
  EXPECT_EQ(plain.stop(), 0);
  EXPECT_EQ(run({"members", "g"}).out, "c\n");
  EXPECT_EQ(mine.stop(), 0);
  EXPECT_EQ(pythons(), json::object{});
}

TEST_F(WithPython, BothSeeTheOthersKilledMemberLeave) {
  Program theirs = python({"join", "g", "p", "{}"});
  ASSERT_TRUE(theirs.says("joined\n")) << theirs.err();
  Program mine = join("c");
  Program watch = start({"watch", "g"});
  ASSERT_TRUE(watch.says("\"c\"") && watch.says("\"p\""));
  auto since = now();
  theirs.kill9();
  EXPECT_TRUE(watch.says(R"("left","group":"g","member":"p")", seconds(3 + 2)));
  note("Python's killed member with a lease of 3 s left after", since);
  since = now();
  mine.kill9();
  expect_in_the_end([&] { return pythons(); }, "{}");
  note("Python saw our killed member with a lease of 3 s gone after", since);
}

TEST_F(WithPython, LockHeldByEitherIsRefusedToTheOther) {
  Program mine = hold();
  ASSERT_TRUE(mine.says("begun\n")) << mine.err();
  EXPECT_EQ(answer({"hold", "n"}), "refused\n");
  mine.stop();
  Program theirs = python({"hold", "n"});
  ASSERT_TRUE(theirs.says("held\n")) << theirs.err();
  EXPECT_EQ(try_ours(), 75);
  Program waiter = hold();
  EXPECT_EQ(theirs.stop(), 0);
  EXPECT_EQ(theirs.out(), "held\nreleased\n");
  EXPECT_TRUE(waiter.says("begun\n")) << waiter.err();
}

TEST_F(WithPython, LockOfAKilledHolderGoesToTheOther) {
  Program theirs = python({"hold", "n"});
  ASSERT_TRUE(theirs.says("held\n")) << theirs.err();
  Program mine = hold();
  auto since = now();
  theirs.kill9();
  EXPECT_TRUE(mine.says("begun\n")) << mine.err();
  note("ours had the lock of Python's killed holder (3 s) after", since);
  Program next = python({"wait", "n"});
  since = now();
  mine.kill9();
  EXPECT_TRUE(next.says("held\n")) << next.err();
  note("Python had the lock of our killed holder (3 s) after", since);
}

TEST_F(WithPython, PythonsBreakStopsOurProgram) {
  Program mine = hold();
  ASSERT_TRUE(mine.says("begun\n")) << mine.err();
  EXPECT_EQ(answer({"take", "n"}), "broken\n");
  EXPECT_EQ(mine.end(), 76);
}

TEST_F(WithPython, FourOfEachMakeProgressAndNeverTwoAtOnce) {
  constexpr int kEach = 4;
  constexpr int kTurns = 5;
  options_ = "api_version=v3";  // leases of 10 and 30 s: the machine may be busy
  const std::string folder = folder_.path() / "shared";
  std::filesystem::create_directory(folder);
  std::ofstream(folder + "/count") << "0\n";
  const Words words{"contend", "n", folder, std::to_string(kTurns)};
  const auto since = now();
  std::vector<std::unique_ptr<Program>> all;
  for (int i = 0; i < kEach; ++i) {
    all.emplace_back(new Program(actor(words)));
    all.emplace_back(new Program(python(words)));
  }
  for (const auto& program : all) {
    EXPECT_TRUE(program->says("done\n", std::chrono::minutes(2))) << program->err();
    EXPECT_EQ(program->out().find("two at once"), std::string::npos);
  }
  note("40 turns of four processes each took", since);
  int count = 0;
  std::ifstream(folder + "/count") >> count;
  EXPECT_EQ(count, 2 * kEach * kTurns);
}

TEST_F(WithPython, RingsAgree) {
  options_ = "api_version=v3";
  Program one = python({"join", "g", "p", R"({"weight":2})"});
  ASSERT_TRUE(one.says("joined\n")) << one.err();
  Program two = join("c", R"({"weight":3})");
  Program three = join("d-é");
  ASSERT_TRUE(two.says("joined\n") && three.says("joined\n"));
  constexpr int kKeys = 3000;
  Words words{"ring", "g"};
  for (int i = 1; i <= kKeys; ++i)
    words.push_back("key-" + std::to_string(i));
  const Result mine = run(words);
  EXPECT_EQ(mine.code, 0);
  EXPECT_EQ(std::ranges::count(mine.out, '\n'), kKeys);
  EXPECT_EQ(mine.out, answer({"ring", "g", "1", std::to_string(kKeys)}));
}

TEST(PythonsTooz, HasNoPublicCallThatOurTableDoesNotName) {
  constexpr const char* kMissing = R"(
import inspect, re, sys
from tooz import coordination, hashring, locking, partitioner
table = open(sys.argv[1]).read()
classes = (coordination.CoordinationDriver, coordination.Heart, coordination.CoordAsyncResult,
           locking.Lock, partitioner.Partitioner, hashring.HashRing)
names = {f"{kind.__name__}.{name}" for kind in classes for name, _ in inspect.getmembers(kind)
         if name[0] != "_" and not re.search(rf"\b{name}\b", table) and name[0].islower()}
print("missing:", *sorted(names))
)";
  const support::TempFolder folder;
  Program python(folder,
                 {"/usr/bin/python3", "-c", kMissing, support::source_path("docs/tooz.md")});
  EXPECT_EQ(python.end(), 0) << python.err();
  EXPECT_EQ(python.out(), "missing:\n");
}

}  // namespace
}  // namespace e2e
