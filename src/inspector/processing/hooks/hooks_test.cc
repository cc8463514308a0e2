#include "inspector/processing/hooks/all.h"

#include "base/ini.h"
#include "inspector/config/processing.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/testing/report.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

using Options = ProcessingOptions;

const std::string kFirst = "52:54:00:8a:10:01";
const std::string kSecond = "52:54:00:8a:10:02";

/// One hook, one node in Ironic, one report.
class Hook : public ::testing::Test {
 protected:
  Hook() {
    options_.cpu_flags = {{"vmx", "cpu_vt"},
                          {"svm", "cpu_vt"},
                          {"aes", "cpu_aes"},
                          {"pse", "cpu_hugepages"},
                          {"smx", "cpu_txt"}};
    node(R"({"properties":{},"provision_state":"inspecting"})");
  }

  void node(std::string_view text) {
    json::object object = json::parse(text).get_object();
    object["uuid"] = "u1";
    ironic_.add_node(std::move(object));
  }

  void port(std::string_view uuid, std::string_view mac, bool pxe) {
    ironic_.add_port({{"uuid", uuid}, {"node_uuid", "u1"}, {"address", mac}, {"pxe_enabled", pxe}});
  }

  json::object& inventory() { return report_.at("inventory").get_object(); }
  json::object& interface(std::size_t i) {
    return inventory().at("interfaces").get_array()[i].get_object();
  }

  std::unique_ptr<ProcessingHook> make(std::string_view name) {
    for (const auto& entry : all_hooks())
      if (entry.name == name) return entry.make(options_);
    throw std::logic_error("no such hook");
  }

  /// Runs both phases as the pipeline does; the text of a rejection, empty if there was none.
  std::string run(std::string_view name) {
    const auto hook = make(name);
    changes_ = {};
    try {
      hook->before_processing(report_);
      hook->before_update(report_, NodeView("u1", ironic_, {}, changes_), changes_);
    } catch (const Rejected& e) {
      return e.what();
    }
    return {};
  }

  std::string patch() const { return json::serialize(changes_.node_patch()); }
  std::string changed(std::string_view path) const {
    for (const auto& operation : changes_.node_patch())
      if (operation.at("path").get_string() == path) return json::serialize(operation.at("value"));
    return "unchanged";
  }
  std::vector<std::string> new_ports() const {
    std::vector<std::string> out;
    for (const auto& p : changes_.new_ports())
      out.push_back(p.address + (p.pxe_enabled ? " pxe" : ""));
    return out;
  }

  Options options_;
  testing::FakeIronic ironic_;
  NodeChanges changes_;
  json::object report_ = testing::report();
};

using Names = std::vector<std::string>;

// ramdisk_error

TEST_F(Hook, RamdiskErrorRejectsWhateverTheRamdiskSaysWentWrong) {
  EXPECT_EQ(run("ramdisk_error"), "");
  report_["error"] = "The following errors were encountered:\n* no disk";
  EXPECT_EQ(run("ramdisk_error"),
            "Ramdisk reported error: The following errors were encountered:\n* no disk");
  report_["error"] = json::array{"a", 1};
  EXPECT_EQ(run("ramdisk_error"), "Ramdisk reported error: ['a', 1]");
  report_["error"] = "";
  EXPECT_EQ(run("ramdisk_error"), "");
}

// root_disk_selection

TEST_F(Hook, RootDiskTakesTheRamdisksChoiceWithoutHints) {
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(patch(), R"([{"op":"add","path":"/properties/local_gb","value":"893"}])");
  EXPECT_EQ(report_.at("local_gb"), 893);
  options_.disk_partitioning_spacing = false;
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(changed("/properties/local_gb"), "\"894\"");
}

TEST_F(Hook, RootDiskHintsChooseAnotherDisk) {
  node(R"({"properties":{"root_device":{"size":">= 2000"}}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(report_.at("root_disk").at("name"), "/dev/sda");
  EXPECT_EQ(changed("/properties/local_gb"), "\"3725\"");
}

TEST_F(Hook, RootDiskHintsThatFitNothingReject) {
  node(R"({"properties":{"root_device":{"name":"/dev/sdz"}}})");
  EXPECT_EQ(run("root_disk_selection"), "No disks satisfied root device hints");
  node(R"({"properties":{"root_device":{"size":"big"}}})");
  EXPECT_EQ(run("root_disk_selection"),
            "No disks could be found using the root device hints {'size': 'big'} because they "
            "failed to validate. Error: Root device hint \"size\" is not an integer value. Current "
            "value: big");
  node(R"({"properties":{"root_device":"sda"}})");
  EXPECT_EQ(run("root_disk_selection"),
            "No disks could be found using the root device hints 'sda' because they failed to "
            "validate. Error: expected an object of hints, got 'sda'");
}

TEST_F(Hook, SkippedDisksAreTakenOutFirst) {
  node(
      R"({"properties":{"root_device":{"size":">= 1"},"skip_block_devices":[{"rotational":false}]}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(report_.at("root_disk").at("name"), "/dev/sda");
  EXPECT_EQ(inventory().at("disks").get_array().size(), 1U);
  node(R"({"properties":{"root_device":{"size":1},"skip_block_devices":[{"colour":1}]}})");
  EXPECT_TRUE(run("root_disk_selection")
                  .starts_with("Invalid hints {'colour': 1} in properties.skip_block_devices. "
                               "Error: The hints \"colour\" are invalid."));
  node(R"({"properties":{"root_device":{"size":1},"skip_block_devices":"sda"}})");
  EXPECT_EQ(run("root_disk_selection"),
            "properties.skip_block_devices: expected a list, got 'sda'");
}

TEST_F(Hook, WithoutARootDiskLocalGbIsZero) {
  for (const char* none : {"null", "{}", R"({"name":"/dev/sda"})", R"({"size":1000})"}) {
    report_["root_disk"] = json::parse(none);
    EXPECT_EQ(run("root_disk_selection"), "") << none;
    EXPECT_EQ(changed("/properties/local_gb"), "\"0\"") << none;
  }
}

TEST_F(Hook, KnownLocalGbStaysWhenNothingIsOverwritten) {
  options_.overwrite_existing = false;
  node(R"({"properties":{"local_gb":"50"}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(patch(), "[]");
  EXPECT_EQ(report_.at("local_gb"), 893);
  node(R"({"properties":{"local_gb":""}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(changed("/properties/local_gb"), "\"893\"");
}

// scheduler

TEST_F(Hook, SchedulerTellsProcessorsAndMemory) {
  EXPECT_EQ(run("scheduler"), "");
  EXPECT_EQ(patch(), R"([{"op":"add","path":"/properties/cpus","value":"56"},)"
                     R"({"op":"add","path":"/properties/cpu_arch","value":"x86_64"},)"
                     R"({"op":"add","path":"/properties/memory_mb","value":"262144"}])");
  EXPECT_EQ(report_.at("cpus"), 56);
  EXPECT_EQ(report_.at("cpu_arch"), "x86_64");
  EXPECT_EQ(report_.at("memory_mb"), 262144);
}

TEST_F(Hook, SchedulerGoesOnWithoutWhatIsMissingOrMalformed) {
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

TEST_F(Hook, SchedulerAddsOnlyWhatIsMissingWhenNothingIsOverwritten) {
  options_.overwrite_existing = false;
  node(R"({"properties":{"cpus":"1","memory_mb":0}})");
  EXPECT_EQ(run("scheduler"), "");
  EXPECT_EQ(changed("/properties/cpus"), "unchanged");
  EXPECT_EQ(changed("/properties/cpu_arch"), "\"x86_64\"");
  EXPECT_EQ(changed("/properties/memory_mb"), "\"262144\"");
}

// validate_interfaces

TEST_F(Hook, InterfacesAreNormalised) {
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

TEST_F(Hook, AddPortsDecidesWhichInterfacesGetPorts) {
  using Add = Options::AddPorts;
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

TEST_F(Hook, TheBootInterfaceMayBeWrittenInAnyForm) {
  for (const char* form :
       {"01-52-54-00-8a-10-01", "01-52-54-00-8A-10-01", "52:54:00:8a:10:01", "52:54:00:8A:10:01"}) {
    report_["boot_interface"] = form;
    EXPECT_EQ(run("validate_interfaces"), "") << form;
    EXPECT_EQ(new_ports(), Names{kFirst + " pxe"}) << form;
  }
}

TEST_F(Hook, InfinibandPortsCarryTheirClientId) {
  interface(0)["client_id"] = "ff:00:00";
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(json::serialize(changes_.new_ports().at(0).extra), R"({"client-id":"ff:00:00"})");
}

TEST_F(Hook, ExistingPortsAreNotMadeAgainButFollowTheBootInterface) {
  port("p1", "52:54:00:8A:10:01", false);
  port("p2", kSecond, true);
  options_.add_ports = Options::AddPorts::kAll;
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

TEST_F(Hook, WithoutUpdatePxeEnabledNewPortsMayBoot) {
  options_.add_ports = Options::AddPorts::kAll;
  options_.update_pxe_enabled = false;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_EQ(new_ports(), (Names{kFirst + " pxe", kSecond + " pxe"}));
}

TEST_F(Hook, KeepPortsDecidesWhichPortsGo) {
  using Keep = Options::KeepPorts;
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

TEST_F(Hook, AMachineInUseKeepsItsPorts) {
  node(R"({"properties":{},"provision_state":"active"})");
  port("p1", kFirst, false);
  port("p9", "52:54:00:ff:ff:ff", false);
  options_.keep_ports = Options::KeepPorts::kAdded;
  EXPECT_EQ(run("validate_interfaces"), "");
  EXPECT_TRUE(changes_.empty());
}

TEST_F(Hook, InterfacesThatCannotBeUsedAreSkippedOrRejected) {
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

TEST_F(Hook, BmcAddressesAreNormalised) {
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

TEST_F(Hook, PortOptionsThatContradictEachOtherAreRefused) {
  options_.add_ports = Options::AddPorts::kDisabled;
  options_.keep_ports = Options::KeepPorts::kAdded;
  EXPECT_THROW(make("validate_interfaces"), base::ConfigError);
}

// capabilities

TEST_F(Hook, CapabilitiesComeFromBootModeAndFlags) {
  options_.boot_mode = true;
  EXPECT_EQ(run("capabilities"), "");
  EXPECT_EQ(changed("/properties/capabilities"),
            R"("boot_mode:uefi,cpu_vt:true,cpu_aes:true,cpu_hugepages:true,cpu_txt:true")");
  options_.boot_mode = false;
  node(R"({"properties":{"capabilities":"cpu_txt:false,mine:1"}})");
  EXPECT_EQ(run("capabilities"), "");
  EXPECT_EQ(changed("/properties/capabilities"),
            R"("cpu_txt:true,mine:1,cpu_vt:true,cpu_aes:true,cpu_hugepages:true")");
}

TEST_F(Hook, CapabilitiesGoOnWithoutWhatIsMissingOrMalformed) {
  options_.boot_mode = true;
  inventory()["boot"] = json::object{{"current_boot_mode", "uefi,admin:true"}};
  for (const char* bad : {"null", "5", "{}", R"({"flags":"vmx"})", R"({"flags":[5,null,{}]})"}) {
    inventory()["cpu"] = json::parse(bad);
    EXPECT_EQ(run("capabilities"), "") << bad;
    EXPECT_EQ(patch(), "[]") << bad;
  }
  inventory()["boot"] = 5;
  EXPECT_EQ(run("capabilities"), "");
  EXPECT_EQ(patch(), "[]");
}

// pci_devices

TEST_F(Hook, PciDevicesAreCountedByAlias) {
  options_.pci_aliases = {R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})",
                          R"({"vendor_id":"8086","product_id":"1592","name":"nic"})",
                          R"({"vendor_id":"1","product_id":"2","name":"absent"})"};
  report_.at("pci_devices").get_array().push_back(report_.at("pci_devices").at(1));
  EXPECT_EQ(run("pci_devices"), "");
  EXPECT_EQ(changed("/properties/capabilities"), R"("nic:1,t4:2")");
}

TEST_F(Hook, WrongAliasesAreIgnored) {
  options_.pci_aliases = {"nonsense",
                          "[]",
                          "5",
                          "{}",
                          R"({"vendor_id":"8086","name":"x"})",
                          R"({"vendor_id":8086,"product_id":"1592","name":"x"})",
                          R"({"vendor_id":"8086","product_id":"1592","name":"x","more":1})"};
  EXPECT_EQ(run("pci_devices"), "");
  EXPECT_EQ(patch(), "[]");
}

TEST_F(Hook, MalformedPciDevicesAreSkippedOrRejected) {
  options_.pci_aliases = {R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})"};
  report_["pci_devices"] =
      json::parse(R"([5,null,[],{},{"vendor_id":5,"product_id":[]},{"vendor_id":"10de"},
                      {"vendor_id":"10de","product_id":"1eb8"}])");
  EXPECT_EQ(run("pci_devices"), "");
  EXPECT_EQ(changed("/properties/capabilities"), R"("t4:1")");
  report_["pci_devices"] = "none";
  EXPECT_EQ(run("pci_devices"), "pci_devices: expected a list, got 'none'");
  report_.erase("pci_devices");
  EXPECT_EQ(run("pci_devices"), "");
  EXPECT_EQ(patch(), "[]");
}

}  // namespace
}  // namespace inspector
