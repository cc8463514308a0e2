#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

class LocalLinkConnectionHook : public testing::HookTest {
 protected:
  LocalLinkConnectionHook() {
    port("p1", kFirst, true);
    port("p2", "52:54:00:8A:10:02", false);
  }
  static std::string link_to(std::string_view switch_id, std::string_view port_id) {
    return R"([{"op":"add","path":"/local_link_connection/switch_id","value":")" +
           std::string(switch_id) +
           R"("},{"op":"add","path":"/local_link_connection/port_id","value":")" +
           std::string(port_id) + R"("}])";
  }
  const std::string kFirstLink = link_to("64:d1:54:7f:2a:00", "Ethernet1/17");
  const std::string kSecondLink = link_to("64:d1:54:7f:2b:00", "Ethernet1/17");
};

TEST_F(LocalLinkConnectionHook, EveryPortIsCabledToWhatItsInterfaceHeard) {
  EXPECT_EQ(run("local_link_connection"), "");
  EXPECT_EQ(link(kFirst), kFirstLink);
  EXPECT_EQ(link(kSecond), kSecondLink);
  ASSERT_EQ(changes_.links().size(), 2U);
  EXPECT_EQ(changes_.links()[0].uuid, "p1");
  EXPECT_EQ(changes_.links()[1].uuid, "p2");
}

TEST_F(LocalLinkConnectionHook, APortMadeInTheSameRunIsCabledToo) {
  const std::string third = "52:54:00:8a:10:03";
  interface(0)["mac_address"] = json::value(third);
  report_["boot_interface"] = json::value(third);
  EXPECT_EQ(run_all({"validate_interfaces", "lldp_basic", "local_link_connection"}), "");
  EXPECT_EQ(new_ports(), std::vector<std::string>{third + " pxe"});
  EXPECT_EQ(link(third), kFirstLink);
  EXPECT_EQ(changes_.links()[0].uuid, "");
}

TEST_F(LocalLinkConnectionHook, WhatLldpBasicFoundCountsAndTheRawDataWhenItFoundNothing) {
  report_["all_interfaces"] = json::parse(R"({
    "eno1":{"lldp_processed":{"switch_chassis_id":"aa:bb:cc:dd:ee:ff","switch_port_id":"x"}},
    "eno2":{"lldp_processed":{"switch_system_name":"leaf"}}})");
  EXPECT_EQ(run("local_link_connection"), "");
  EXPECT_EQ(link(kFirst), link_to("aa:bb:cc:dd:ee:ff", "x"));
  EXPECT_EQ(link(kSecond), kSecondLink);
}

TEST_F(LocalLinkConnectionHook, ASwitchThatIsNotNamedByItsMacIsLeftOut) {
  interface(0)["lldp"] = json::parse(R"([[1,"07616263"],[2,"0561"]])");
  interface(1)["lldp"] = json::parse(R"([[1,"0501c0000201"]])");
  EXPECT_EQ(run_all({"validate_interfaces", "lldp_basic", "local_link_connection"}), "");
  EXPECT_EQ(link(kFirst), R"([{"op":"add","path":"/local_link_connection/port_id","value":"a"}])");
  EXPECT_EQ(link(kSecond), "none");
}

TEST_F(LocalLinkConnectionHook, WhatIsKnownStaysWhenNothingIsOverwritten) {
  options_.overwrite_existing = false;
  ironic_.add_port({{"uuid", "p1"},
                    {"node_uuid", "u1"},
                    {"address", kFirst},
                    {"local_link_connection", {{"switch_id", "00:00:00:00:00:01"}}}});
  EXPECT_EQ(run("local_link_connection"), "");
  EXPECT_EQ(link(kFirst),
            R"([{"op":"add","path":"/local_link_connection/port_id","value":"Ethernet1/17"}])");
}

TEST_F(LocalLinkConnectionHook, WhatIsTrueAlreadyIsNotSent) {
  ironic_.add_port({{"uuid", "p1"},
                    {"node_uuid", "u1"},
                    {"address", kFirst},
                    {"local_link_connection",
                     {{"switch_id", "64:d1:54:7f:2a:00"}, {"port_id", "Ethernet1/17"}}}});
  EXPECT_EQ(run("local_link_connection"), "");
  EXPECT_EQ(link(kFirst), "none");
  EXPECT_EQ(link(kSecond), kSecondLink);
}

TEST_F(LocalLinkConnectionHook, UpperCaseMacsOfTheRamdiskMatch) {
  interface(0)["mac_address"] = "52:54:00:8A:10:01";
  EXPECT_EQ(run("local_link_connection"), "");
  EXPECT_EQ(link(kFirst), kFirstLink);
}

TEST_F(LocalLinkConnectionHook, NeverFailsForWhatASwitchOrARamdiskSays) {
  for (const char* bad : {"5", "[5]", R"([[1,"09ff"],[2,"06ff"]])", R"([[1,"04"]])", "null"}) {
    interface(0)["lldp"] = json::parse(bad);
    EXPECT_EQ(run("local_link_connection"), "") << bad;
    EXPECT_EQ(link(kFirst), "none") << bad;
    EXPECT_EQ(link(kSecond), kSecondLink) << bad;
  }
}

}  // namespace
}  // namespace inspector
