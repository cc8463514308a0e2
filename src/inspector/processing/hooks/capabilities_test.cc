#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

namespace json = boost::json;

using CapabilitiesHook = testing::HookTest;

TEST_F(CapabilitiesHook, CapabilitiesComeFromBootModeAndFlags) {
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

TEST_F(CapabilitiesHook, CapabilitiesGoOnWithoutWhatIsMissingOrMalformed) {
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

}  // namespace
}  // namespace inspector
