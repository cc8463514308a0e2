#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using RamdiskErrorHook = testing::HookTest;

TEST_F(RamdiskErrorHook, RamdiskErrorRejectsWhateverTheRamdiskSaysWentWrong) {
  EXPECT_EQ(run("ramdisk_error"), "");
  report_["error"] = "The following errors were encountered:\n* no disk";
  EXPECT_EQ(run("ramdisk_error"),
            "Ramdisk reported error: The following errors were encountered:\n* no disk");
  report_["error"] = json::array{"a", 1};
  EXPECT_EQ(run("ramdisk_error"), "Ramdisk reported error: ['a', 1]");
  report_["error"] = "";
  EXPECT_EQ(run("ramdisk_error"), "");
}

}  // namespace
}  // namespace inspector
