#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

class ExtraHardwareHook : public testing::HookTest {
 protected:
  /// What becomes of `data`: `extra` as JSON, and whether `data` is still there.
  std::pair<std::string, bool> converted(std::string_view data) {
    report_["data"] = json::parse(data);
    report_.erase("extra");
    EXPECT_EQ(run("extra_hardware"), "");
    EXPECT_TRUE(changes_.empty());
    const auto* extra = report_.if_contains("extra");
    return {extra != nullptr ? json::serialize(*extra) : "none", report_.contains("data")};
  }
};

using Converted = std::pair<std::string, bool>;

TEST_F(ExtraHardwareHook, MakesATreeOfTheList) {
  EXPECT_EQ(run("extra_hardware"), "");
  EXPECT_EQ(json::serialize(report_.at("extra")),
            R"({"cpu":{"logical":{"number":56}},"memory":{"total":{"size":274877906944}},)"
            R"("disk":{"nvme0n1":{"size":960}},)"
            R"("network":{"eno1":{"serial":"52:54:00:8a:10:01"}},)"
            R"("system":{"product":{"name":"Example R7"}}})");
  EXPECT_FALSE(report_.contains("data"));
}

TEST_F(ExtraHardwareHook, WhatLooksLikeANumberBecomesOne) {
  EXPECT_EQ(converted(R"([["a","b","c"," 12 "],["a","b","d","0x10"],["a","b","e",1.9],
                          ["a","b","f",null],["a","b","g",[1]]])"),
            Converted(R"({"a":{"b":{"c":12,"d":"0x10","e":1,"f":null,"g":[1]}}})", false));
}

TEST_F(ExtraHardwareHook, ItemsThatDoNotFitAreLeftOut) {
  EXPECT_EQ(converted(R"([[],["a"],["a","b","c"],[["a"],"b","c",1],["a",{"b":1},"c",1],
                          ["a","b","c",1,"more"],[1,null,true,2]])"),
            Converted(R"({"a":{"b":{"c":1}},"1":{"null":{"true":2}}})", false));
  EXPECT_EQ(converted("[]"), Converted("{}", false));
}

TEST_F(ExtraHardwareHook, TheReportKeepsItsOrder) {
  report_ = {{"data", boost::json::array()}, {"b", 1}, {"c", 2}, {"a", 3}};
  EXPECT_EQ(run("extra_hardware"), "");
  EXPECT_EQ(boost::json::serialize(report_), R"({"b":1,"c":2,"a":3,"extra":{}})");
}

TEST_F(ExtraHardwareHook, DataInAnotherFormStaysAsItIs) {
  for (const char* other : {"5", "null", "{}", R"("text")", R"([["a","b","c",1],5])"})
    EXPECT_EQ(converted(other), Converted("none", true)) << other;
  report_.erase("data");
  EXPECT_EQ(run("extra_hardware"), "");
}

TEST_F(ExtraHardwareHook, StrictlyEveryItemHasFourPartsOrTheDataGoes) {
  options_.strict_extra_hardware = true;
  EXPECT_EQ(converted(R"([["a","b","c","1"]])"), Converted(R"({"a":{"b":{"c":1}}})", false));
  EXPECT_EQ(converted(R"([["a","b","c","1"],["a","b","c"]])"), Converted("none", false));
  EXPECT_EQ(converted("5"), Converted("none", false));
}

}  // namespace
}  // namespace inspector
