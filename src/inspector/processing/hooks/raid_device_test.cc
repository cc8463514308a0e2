#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using RaidDeviceHook = testing::HookTest;

TEST_F(RaidDeviceHook, TheFirstTimeTheDisksAreRemembered) {
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(patch(), R"([{"op":"add","path":"/extra/block_devices",)"
                     R"("value":{"serials":["S4EXN0K100017","ZC1000AA"]}}])");
}

TEST_F(RaidDeviceHook, TheOneNewDiskBecomesTheRootDevice) {
  node(R"({"properties":{},"extra":{"block_devices":{"serials":["ZC1000AA","other"]}}})");
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(patch(), R"([{"op":"remove","path":"/extra/block_devices"},)"
                     R"({"op":"add","path":"/properties/root_device",)"
                     R"("value":{"serial":"S4EXN0K100017"}}])");
}

TEST_F(RaidDeviceHook, NoneOrSeveralNewDisksSayNothing) {
  for (const char* before : {R"({"serials":["ZC1000AA","S4EXN0K100017"]})", R"({"serials":[]})",
                             "{}", "5", R"({"serials":5})"}) {
    node(R"({"properties":{},"extra":{"block_devices":)" + std::string(before) + "}}");
    EXPECT_EQ(run("raid_device"), "") << before;
    EXPECT_EQ(patch(), "[]") << before;
  }
}

TEST_F(RaidDeviceHook, AKnownRootDeviceStays) {
  node(R"({"properties":{"root_device":{"size":1}},"extra":{}})");
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(patch(), "[]");
}

TEST_F(RaidDeviceHook, DisksWithoutSerialDoNotCount) {
  inventory()["disks"] = json::parse(R"([{"serial":null},{},5,{"serial":""},{"serial":"a"}])");
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(changed("/extra/block_devices"), R"({"serials":["a"]})");
  inventory().erase("disks");
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(patch(), "[]");
  inventory()["disks"] = 5;
  EXPECT_EQ(run("raid_device"), "inventory.disks: expected a list, got 5");
}

TEST_F(RaidDeviceHook, WithoutAnInventoryTheBlockDevicesCount) {
  report_.erase("inventory");
  report_["block_devices"] = json::parse(R"({"serials":["x"]})");
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(changed("/extra/block_devices"), R"({"serials":["x"]})");
}

TEST_F(RaidDeviceHook, LocalGbIsNeverMissing) {
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(report_.at("local_gb"), 1);
  report_["local_gb"] = 50;
  EXPECT_EQ(run("raid_device"), "");
  EXPECT_EQ(report_.at("local_gb"), 50);
}

}  // namespace
}  // namespace inspector
