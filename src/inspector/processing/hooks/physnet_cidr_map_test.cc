#include "base/ini.h"
#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

class PhysnetCidrMapHook : public testing::HookTest {
 protected:
  PhysnetCidrMapHook() {
    port("p1", kFirst, true);
    options_.cidr_map = {"172.22.0.0/24:provisioning", "2001:db8:1::/48:storage",
                         "172.22.0.0/16:later"};
  }
  static std::string physnet(std::string_view name) {
    return R"([{"op":"add","path":"/physical_network","value":")" + std::string(name) + R"("}])";
  }
  void known(std::string_view network) {
    ironic_.add_port(
        {{"uuid", "p1"}, {"node_uuid", "u1"}, {"address", kFirst}, {"physical_network", network}});
  }
  std::string refusal(const std::string& item) {
    options_.cidr_map = {item};
    try {
      make("physnet_cidr_map");
    } catch (const base::ConfigError& e) {
      return e.what();
    }
    return {};
  }
};

TEST_F(PhysnetCidrMapHook, TheFirstNetworkThatHoldsTheAddressCounts) {
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), physnet("provisioning"));
  EXPECT_EQ(link(kSecond), "none");
}

TEST_F(PhysnetCidrMapHook, TheSecondAddressIsTriedAsWell) {
  interface(0)["ipv4_address"] = "192.0.2.1";
  interface(0)["ipv6_address"] = "2001:db8:1::7%eno1";
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), physnet("storage"));
  interface(0)["ipv6_address"] = "fe80::1%eno1";
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), "none");
}

TEST_F(PhysnetCidrMapHook, AddressesThatAreNoneArePassedOver) {
  for (const char* bad : {R"("nonsense")", "5", "null", "[]", R"("")"}) {
    interface(0)["ipv4_address"] = json::parse(bad);
    EXPECT_EQ(run("physnet_cidr_map"), "") << bad;
    EXPECT_EQ(link(kFirst), "none") << bad;
  }
}

TEST_F(PhysnetCidrMapHook, WhatIsKnownStaysWhenNothingIsOverwritten) {
  known("other");
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), physnet("provisioning"));
  options_.overwrite_existing = false;
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), "none");
  port("p1", kFirst, true);
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), physnet("provisioning"));
}

TEST_F(PhysnetCidrMapHook, WhatIsTrueAlreadyIsNotSent) {
  known("provisioning");
  EXPECT_EQ(run("physnet_cidr_map"), "");
  EXPECT_EQ(link(kFirst), "none");
}

TEST_F(PhysnetCidrMapHook, GoesInOnePatchWithTheLocalLinkConnection) {
  EXPECT_EQ(run_all({"local_link_connection", "physnet_cidr_map"}), "");
  ASSERT_EQ(changes_.links().size(), 1U);
  EXPECT_EQ(changes_.links()[0].patch.size(), 3U);
}

TEST_F(PhysnetCidrMapHook, AMapThatCannotBeReadIsRefusedAtStart) {
  EXPECT_EQ(refusal("172.22.0.0/24"),
            "[port_physnet]cidr_map: 172.22.0.0/24: expected CIDR:physical network");
  EXPECT_EQ(refusal("172.22.0.0/24:"),
            "[port_physnet]cidr_map: 172.22.0.0/24:: expected CIDR:physical network");
  EXPECT_EQ(refusal("172.22.0.1/24:a"),
            "[port_physnet]cidr_map: 172.22.0.1/24:a: the network has host bits set");
  EXPECT_EQ(refusal("172.22.0/33:a"),
            "[port_physnet]cidr_map: 172.22.0/33:a: invalid IPNetwork 172.22.0/33");
  EXPECT_EQ(refusal("2001:db8::/32:a"), "");
}

}  // namespace
}  // namespace inspector
