#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

class LldpBasicHook : public testing::HookTest {
 protected:
  std::string processed(std::string_view name, std::string_view list = "all_interfaces") {
    const auto& entries = report_.at(list).get_object();
    const auto* entry = entries.if_contains(name);
    if (entry == nullptr) return "no interface";
    const auto* value = entry->get_object().if_contains("lldp_processed");
    return value != nullptr ? json::serialize(*value) : "none";
  }
};

const std::vector<std::string> kBoth{"validate_interfaces", "lldp_basic"};

TEST_F(LldpBasicHook, StandsWithTheInterfaceInWords) {
  EXPECT_EQ(run_all(kBoth), "");
  const std::string second =
      R"({"switch_chassis_id":"64:d1:54:7f:2b:00","switch_port_id":"Ethernet1/17",)"
      R"("switch_system_name":"leaf-08"})";
  EXPECT_EQ(processed("eno2"), second);
  EXPECT_NE(processed("eno1").find(R"("switch_port_untagged_vlan_id":101)"), std::string::npos);
  EXPECT_EQ(processed("eno1", "interfaces"), processed("eno1"));
  EXPECT_EQ(processed("eno2", "interfaces"), "no interface");
  EXPECT_TRUE(changes_.links().empty());
}

TEST_F(LldpBasicHook, LldpRawOfTheLldpCollectorComesFirst) {
  report_["lldp_raw"] = json::parse(R"({"eno1":[[5,"61"]],"eno2":null,"eno3":[[5,"62"]]})");
  EXPECT_EQ(run_all(kBoth), "");
  EXPECT_EQ(processed("eno1"), R"({"switch_system_name":"a"})");
  EXPECT_NE(processed("eno2").find("leaf-08"), std::string::npos);
}

TEST_F(LldpBasicHook, AnInterfaceWithoutLldpOrWithNothingInItHasNone) {
  interface(0).erase("lldp");
  interface(1)["lldp"] = json::array();
  EXPECT_EQ(run_all(kBoth), "");
  EXPECT_EQ(processed("eno1"), "none");
  EXPECT_EQ(processed("eno2"), "none");
}

TEST_F(LldpBasicHook, AnInterfaceWithoutMacIsPassedOver) {
  inventory()
      .at("interfaces")
      .get_array()
      .push_back({{"name", "eno9"}, {"mac_address", nullptr}, {"lldp", {{5, "61"}}}});
  EXPECT_EQ(run_all(kBoth), "");
  EXPECT_EQ(processed("eno9"), "no interface");
}

TEST_F(LldpBasicHook, NeverFailsForWhatASwitchOrARamdiskSays) {
  for (const char* bad : {"5", R"("text")", "{}", "[5]", "[[]]", R"([[1,"0603"]])",
                          R"([[2,"0603"]])", R"([[4,"abc"]])", R"([["1","04"]])", "[[[[]]]]"}) {
    interface(0)["lldp"] = json::parse(bad);
    EXPECT_EQ(run_all(kBoth), "") << bad;
    EXPECT_NE(processed("eno2").find("leaf-08"), std::string::npos) << bad;
    report_["lldp_raw"] = json::parse(bad);
    EXPECT_EQ(run_all(kBoth), "") << bad;
    report_.erase("lldp_raw");
  }
}

TEST_F(LldpBasicHook, WorksByItself) {
  EXPECT_EQ(run("lldp_basic"), "");
  EXPECT_NE(processed("eno2").find("leaf-08"), std::string::npos);
}

}  // namespace
}  // namespace inspector
