#include "base/ini.h"
#include "inspector/processing/testing/hook_fixture.h"

#include <fstream>

namespace inspector {
namespace {

namespace json = boost::json;

class AcceleratorsHook : public testing::HookTest {
 protected:
  void known_devices(std::string_view yaml) {
    options_.known_accelerators = ::testing::TempDir() + "known_accelerators.yaml";
    std::ofstream(options_.known_accelerators) << yaml;
  }
  std::string refusal() {
    try {
      make("accelerators");
    } catch (const base::ConfigError& e) {
      const std::string text = e.what();
      return text.substr(text.rfind(".yaml: ") + 7);
    }
    return {};
  }
};

TEST_F(AcceleratorsHook, KnownDevicesBecomeAProperty) {
  EXPECT_EQ(run("accelerators"), "");
  EXPECT_EQ(patch(), R"([{"op":"add","path":"/properties/accelerators","value":[)"
                     R"({"vendor_id":"10de","device_id":"1eb8","type":"GPU",)"
                     R"("device_info":"NVIDIA Corporation Tesla T4",)"
                     R"("pci_address":"0000:82:00.0"}]}])");
}

TEST_F(AcceleratorsHook, AFileTellsOtherDevices) {
  known_devices(
      "pci_devices:\n- vendor_id: \"8086\"\n  device_id: '1592'\n  type: NIC\n"
      "- {vendor_id: 10de, device_id: 1eb8}\n");
  EXPECT_EQ(run("accelerators"), "");
  EXPECT_EQ(changed("/properties/accelerators"),
            R"([{"vendor_id":"8086","device_id":"1592","type":"NIC","pci_address":"0000:18:00.0"},)"
            R"({"vendor_id":"10de","device_id":"1eb8","pci_address":"0000:82:00.0"}])");
}

TEST_F(AcceleratorsHook, NoKnownDeviceIsNoChange) {
  report_["pci_devices"] = json::parse(R"([5,{},{"vendor_id":5,"product_id":[]},
                                           {"vendor_id":"10de","product_id":"0000"}])");
  EXPECT_EQ(run("accelerators"), "");
  EXPECT_EQ(patch(), "[]");
  report_.erase("pci_devices");
  EXPECT_EQ(run("accelerators"), "");
  EXPECT_EQ(patch(), "[]");
  report_["pci_devices"] = "none";
  EXPECT_EQ(run("accelerators"), "pci_devices: expected a list, got 'none'");
}

TEST_F(AcceleratorsHook, AFileThatCannotBeUsedIsRefusedAtStart) {
  known_devices("devices: []\n");
  EXPECT_EQ(refusal(), "Could not find pci_devices in the configuration data");
  known_devices("[]");
  EXPECT_EQ(refusal(), "Could not find pci_devices in the configuration data");
  known_devices("");
  EXPECT_EQ(refusal(), "Could not find pci_devices in the configuration data");
  known_devices("pci_devices: 5\n");
  EXPECT_EQ(refusal(), "pci_devices should contain a list of devices");
  known_devices("pci_devices:\n- vendor_id: '1'\n");
  EXPECT_EQ(refusal(), "one of devices is missing vendor_id or device_id");
  known_devices("pci_devices:\n- {vendor_id: '1', device_id: [2]}\n");
  EXPECT_EQ(refusal(), "the fields of a device must be texts");
  known_devices("pci_devices: [");
  EXPECT_NE(refusal(), "");
  options_.known_accelerators = "/nowhere/at/all.yaml";
  EXPECT_EQ(refusal(), "bad file: /nowhere/at/all.yaml");
}

}  // namespace
}  // namespace inspector
