#include "inspector/status/upgrade_check.h"

#include "base/ini.h"
#include "inspector/config/command_line.h"
#include "inspector/config/files.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace inspector {
namespace {

class UpgradeCheck : public testing::Test {
 protected:
  UpgradeCheck() { line_.config_files = {folder_.path() / "inspector.conf"}; }

  void policy(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }
  int run(const std::string& config = "") {
    base::Ini ini;
    ini.read_text(config, "inspector.conf");
    return run_upgrade_check(ini, line_, {.home = "", .etc = folder_.path() / "etc"}, out_);
  }

  support::TempFolder folder_;
  CommandLine line_;
  std::ostringstream out_;
};

TEST_F(UpgradeCheck, WithoutAPolicyFileAllIsWell) {
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(out_.str(),
            "+-------------------------------------------+\n"
            "| Upgrade Check Results                     |\n"
            "+-------------------------------------------+\n"
            "| Check: Policy File JSON to YAML Migration |\n"
            "| Result: Success                           |\n"
            "| Details: None                             |\n"
            "+-------------------------------------------+\n");
}

TEST_F(UpgradeCheck, APolicyOfYamlIsAsItShouldBe) {
  policy("policy.yaml", "\"introspection\": \"role:admin\"\n");
  EXPECT_EQ(run(), 0);
}

TEST_F(UpgradeCheck, APolicyOfJsonMustBeConvertedFirst) {
  policy("policy.json", R"({"introspection": "role:admin"})");
  EXPECT_EQ(run("[oslo_policy]\npolicy_file = policy.json\n"), 2);
  EXPECT_NE(out_.str().find("| Result: Failure"), std::string::npos);
  EXPECT_NE(out_.str().find("oslopolicy-convert-json-to-yaml"), std::string::npos);
}

TEST_F(UpgradeCheck, JsonIsKnownByWhatIsInTheFile) {
  policy("policy.yaml", R"({"introspection": "role:admin"})");
  EXPECT_EQ(run(), 2);
}

}  // namespace
}  // namespace inspector
