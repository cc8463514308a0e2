#include "base/ini.h"
#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using ValidateInterfacesHook = testing::HookTest;
using Names = std::vector<std::string>;

TEST_F(ValidateInterfacesHook, InterfacesAreNormalised) {
  interface(0)["mac_address"] = "52:54:00:8A:10:01";
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(json::serialize(report_.at("all_interfaces")),
            R"({"eno1":{"ip":"172.22.0.41","mac":"52:54:00:8a:10:01","client_id":null,"pxe":true},)"
            R"("eno2":{"ip":null,"mac":"52:54:00:8a:10:02","client_id":null,"pxe":false}})");
  EXPECT_EQ(
      json::serialize(report_.at("interfaces")),
      R"({"eno1":{"ip":"172.22.0.41","mac":"52:54:00:8a:10:01","client_id":null,"pxe":true}})");
  EXPECT_EQ(json::serialize(report_.at("macs")), R"(["52:54:00:8a:10:01"])");
  EXPECT_EQ(report_.at("ipmi_address"), "192.0.2.17");
  EXPECT_TRUE(report_.at("ipmi_v6address").is_null());
}

TEST_F(ValidateInterfacesHook, AddPortsDecidesWhichInterfacesGetPorts) {
  using Add = ProcessingOptions::AddPorts;
  interface(1)["ipv6_address"] = "2001:db8::7%eno2";
  auto& list = inventory().at("interfaces").get_array();
  list.push_back({{"name", "eno3"}, {"mac_address", "52:54:00:8a:10:03"}});
  list.push_back({{"name", "lo"}, {"mac_address", "00:00:00:00:00:00"}});
  list.push_back(
      {{"name", "dummy"}, {"mac_address", "52:54:00:8a:10:04"}, {"ipv4_address", "127.0.0.2"}});
  const Names all{kFirst + " pxe", kSecond, "52:54:00:8a:10:03"};
  const Names active{kFirst + " pxe", kSecond};
  options_.add_ports = Add::kAll;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), all);
  options_.add_ports = Add::kActive;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), active);
  options_.add_ports = Add::kPxe;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), Names{kFirst + " pxe"});
  options_.add_ports = Add::kDisabled;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), Names{});
  EXPECT_EQ(json::serialize(report_.at("macs")), R"(["52:54:00:8a:10:01","52:54:00:8a:10:02"])");
  report_.erase("boot_interface");
  options_.add_ports = Add::kPxe;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), (Names{kFirst, kSecond}));
}

TEST_F(ValidateInterfacesHook, TheBootInterfaceMayBeWrittenInAnyForm) {
  for (const char* form :
       {"01-52-54-00-8a-10-01", "01-52-54-00-8A-10-01", "52:54:00:8a:10:01", "52:54:00:8A:10:01"}) {
    report_["boot_interface"] = form;
    EXPECT_EQ(run("validate_interfaces"), "") << form;
    EXPECT_EQ(new_ports(), Names{kFirst + " pxe"}) << form;
  }
}

TEST_F(ValidateInterfacesHook, InfinibandPortsCarryTheirClientId) {
  interface(0)["client_id"] = "ff:00:00";
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(json::serialize(changes_.new_ports().at(0).extra), R"({"client-id":"ff:00:00"})");
}

TEST_F(ValidateInterfacesHook, ExistingPortsAreNotMadeAgainButFollowTheBootInterface) {
  port("p1", "52:54:00:8A:10:01", false);
  port("p2", kSecond, true);
  options_.add_ports = ProcessingOptions::AddPorts::kAll;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), Names{});
  EXPECT_EQ(json::serialize(changes_.port_patches().at("p1")),
            R"([{"op":"replace","path":"/pxe_enabled","value":true}])");
  EXPECT_EQ(json::serialize(changes_.port_patches().at("p2")),
            R"([{"op":"replace","path":"/pxe_enabled","value":false}])");
  options_.update_pxe_enabled = false;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_TRUE(changes_.empty());
}

TEST_F(ValidateInterfacesHook, WithoutUpdatePxeEnabledNewPortsMayBoot) {
  options_.add_ports = ProcessingOptions::AddPorts::kAll;
  options_.update_pxe_enabled = false;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), (Names{kFirst + " pxe", kSecond + " pxe"}));
}

TEST_F(ValidateInterfacesHook, KeepPortsDecidesWhichPortsGo) {
  using Keep = ProcessingOptions::KeepPorts;
  port("p1", kFirst, true);
  port("p2", kSecond, false);
  port("p9", "52:54:00:ff:ff:ff", false);
  options_.keep_ports = Keep::kAll;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(changes_.deleted_ports(), Names{});
  options_.keep_ports = Keep::kPresent;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(changes_.deleted_ports(), Names{"p9"});
  options_.keep_ports = Keep::kAdded;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(changes_.deleted_ports(), (Names{"p2", "p9"}));
}

TEST_F(ValidateInterfacesHook, AMachineInUseKeepsItsPorts) {
  node(R"({"properties":{},"provision_state":"active"})");
  port("p1", kFirst, false);
  port("p9", "52:54:00:ff:ff:ff", false);
  options_.keep_ports = ProcessingOptions::KeepPorts::kAdded;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_TRUE(changes_.empty());
}

TEST_F(ValidateInterfacesHook, InterfacesThatCannotBeUsedAreSkippedOrRejected) {
  auto& list = inventory().at("interfaces").get_array();
  const json::value usable = list[0];
  for (const char* skipped :
       {"5", "null", "[]", "{}", R"({"name":5,"mac_address":"52:54:00:8a:10:05"})",
        R"({"name":"x"})", R"({"name":"x","mac_address":5})",
        R"({"name":"x","mac_address":"nonsense","ipv4_address":"x"})"}) {
    inventory()["interfaces"] = json::array{json::parse(skipped), usable};
    EXPECT_EQ(run("validate_interfaces"), "") << skipped;
    inventory()["interfaces"] = json::array{json::parse(skipped)};
    EXPECT_EQ(run("validate_interfaces"), "No interfaces supplied by the ramdisk") << skipped;
  }
  inventory()["interfaces"] = json::array{usable};
  interface(0)["ipv4_address"] = nullptr;
  interface(0)["ipv6_address"] = nullptr;
  EXPECT_EQ(run("validate_interfaces"),
            "No suitable interfaces found in {'eno1': {'ip': None, 'mac': '52:54:00:8a:10:01', "
            "'client_id': None, 'pxe': True}}");
  interface(0)["ipv4_address"] = "not an ip";
  EXPECT_EQ(run("validate_interfaces"),
            "inventory.interfaces.ipv4_address: not an IP address: 'not an ip' (interface eno1)");
  interface(0)["ipv4_address"] = 5;
  EXPECT_EQ(run("validate_interfaces"),
            "inventory.interfaces.ipv4_address: expected a string, got 5");
}

TEST_F(ValidateInterfacesHook, BmcAddressesAreNormalised) {
  inventory()["bmc_address"] = "0.0.0.0";
  inventory()["bmc_v6address"] = "2001:DB8::5/64";
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_TRUE(report_.at("ipmi_address").is_null());
  EXPECT_EQ(report_.at("ipmi_v6address"), "2001:db8::5");
  inventory()["bmc_address"] = json::array{1};
  EXPECT_EQ(run("validate_interfaces"), "inventory.bmc_address: expected a string, got [1]");
  inventory().erase("bmc_address");
  report_["ipmi_address"] = "192.0.2.99";
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(report_.at("ipmi_address"), "192.0.2.99");
}

TEST_F(ValidateInterfacesHook, PortOptionsThatContradictEachOtherAreRefused) {
  options_.add_ports = ProcessingOptions::AddPorts::kDisabled;
  options_.keep_ports = ProcessingOptions::KeepPorts::kAdded;
  EXPECT_THROW(make("validate_interfaces"), base::ConfigError);
}

}  // namespace
}  // namespace inspector
