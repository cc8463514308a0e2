#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using SchedulerHook = testing::HookTest;

TEST_F(SchedulerHook, SchedulerTellsProcessorsAndMemory) {
  EXPECT_EQ(run("scheduler"), "");
  EXPECT_EQ(patch(), R"([{"op":"add","path":"/properties/cpus","value":"56"},)"
                     R"({"op":"add","path":"/properties/cpu_arch","value":"x86_64"},)"
                     R"({"op":"add","path":"/properties/memory_mb","value":"262144"}])");
  EXPECT_EQ(report_.at("cpus"), 56);
  EXPECT_EQ(report_.at("cpu_arch"), "x86_64");
  EXPECT_EQ(report_.at("memory_mb"), 262144);
}

TEST_F(SchedulerHook, SchedulerGoesOnWithoutWhatIsMissingOrMalformed) {
  for (const char* bad : {"null", "5", "[]", R"({"count":"many"})", R"({"count":[]})",
                          R"({"count":1e300})", R"({"architecture":""})"}) {
    inventory()["cpu"] = json::parse(bad);
    EXPECT_EQ(run("scheduler"), "") << bad;
    EXPECT_EQ(patch(), R"([{"op":"add","path":"/properties/memory_mb","value":"262144"}])") << bad;
  }
  inventory()["memory"] = json::parse(R"({"physical_mb":-5})");
  EXPECT_EQ(run("scheduler"), "");
  EXPECT_EQ(patch(), "[]");
}

TEST_F(SchedulerHook, SchedulerAddsOnlyWhatIsMissingWhenNothingIsOverwritten) {
  options_.overwrite_existing = false;
  node(R"({"properties":{"cpus":"1","memory_mb":0}})");
  EXPECT_EQ(run("scheduler"), "");
  EXPECT_EQ(changed("/properties/cpus"), "unchanged");
  EXPECT_EQ(changed("/properties/cpu_arch"), "\"x86_64\"");
  EXPECT_EQ(changed("/properties/memory_mb"), "\"262144\"");
}

}  // namespace
}  // namespace inspector
