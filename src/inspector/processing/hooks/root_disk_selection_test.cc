#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using RootDiskSelectionHook = testing::HookTest;

TEST_F(RootDiskSelectionHook, RootDiskTakesTheRamdisksChoiceWithoutHints) {
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(patch(), R"([{"op":"add","path":"/properties/local_gb","value":"893"}])");
  EXPECT_EQ(report_.at("local_gb"), 893);
  options_.disk_partitioning_spacing = false;
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(changed("/properties/local_gb"), "\"894\"");
}

TEST_F(RootDiskSelectionHook, RootDiskHintsChooseAnotherDisk) {
  node(R"({"properties":{"root_device":{"size":">= 2000"}}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(report_.at("root_disk").at("name"), "/dev/sda");
  EXPECT_EQ(changed("/properties/local_gb"), "\"3725\"");
}

TEST_F(RootDiskSelectionHook, RootDiskHintsThatFitNothingReject) {
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

TEST_F(RootDiskSelectionHook, SkippedDisksAreTakenOutFirst) {
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

TEST_F(RootDiskSelectionHook, WithoutARootDiskLocalGbIsZero) {
  for (const char* none : {"null", "{}", R"({"name":"/dev/sda"})", R"({"size":1000})"}) {
    report_["root_disk"] = json::parse(none);
    EXPECT_EQ(run("root_disk_selection"), "") << none;
    EXPECT_EQ(changed("/properties/local_gb"), "\"0\"") << none;
  }
}

TEST_F(RootDiskSelectionHook, KnownLocalGbStaysWhenNothingIsOverwritten) {
  options_.overwrite_existing = false;
  node(R"({"properties":{"local_gb":"50"}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(patch(), "[]");
  EXPECT_EQ(report_.at("local_gb"), 893);
  node(R"({"properties":{"local_gb":""}})");
  EXPECT_EQ(run("root_disk_selection"), "");
  EXPECT_EQ(changed("/properties/local_gb"), "\"893\"");
}

}  // namespace
}  // namespace inspector
