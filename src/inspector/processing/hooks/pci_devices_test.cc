#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using PciDevicesHook = testing::HookTest;

TEST_F(PciDevicesHook, PciDevicesAreCountedByAlias) {
  options_.pci_aliases = {R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})",
                          R"({"vendor_id":"8086","product_id":"1592","name":"nic"})",
                          R"({"vendor_id":"1","product_id":"2","name":"absent"})"};
  report_.at("pci_devices").get_array().push_back(report_.at("pci_devices").at(1));
  EXPECT_EQ(run("pci_devices"), "");
  EXPECT_EQ(changed("/properties/capabilities"), R"("nic:1,t4:2")");
}

TEST_F(PciDevicesHook, WrongAliasesAreIgnored) {
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

TEST_F(PciDevicesHook, MalformedPciDevicesAreSkippedOrRejected) {
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
