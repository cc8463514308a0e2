#include "inspector/processing/modules/module.h"

#include "base/ini.h"
#include "inspector/config/processing.h"
#include "inspector/error.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/changes.h"
#include "inspector/node/changes_json.h"
#include "inspector/node/view.h"
#include "inspector/processing/pipeline.h"
#include "inspector/processing/testing/report.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

const std::string kBuild = support::built_path("..");
const std::string kExample = kBuild + "/examples/asset_tag.so";
std::string bad(const std::string& name) { return kBuild + "/tests/modules/" + name + ".so"; }

class HookModules : public ::testing::Test {
 protected:
  HookModules() {
    ironic_.add_node({{"uuid", "u1"}, {"extra", {{"c", 1}}}, {"properties", json::object()}});
    ironic_.add_port({{"uuid", "p1"}, {"node_uuid", "u1"}, {"address", "52:54:00:8a:10:01"}});
  }

  void use(const std::string& file, std::vector<std::string> hooks) {
    options_.hook_modules = {file};
    options_.processing_hooks = std::move(hooks);
  }

  /// Why the service does not start; empty: it does.
  std::string refusal() const {
    try {
      const Pipeline pipeline(options_);
    } catch (const base::ConfigError& e) {
      return e.what();
    }
    return {};
  }

  /// The failures before the look-up, or what ended the update.
  std::string run() {
    const Pipeline pipeline(options_);
    for (const auto& failure : pipeline.before_processing(report_))
      return failure;
    try {
      pipeline.before_update(report_, NodeView("u1", ironic_, {}, changes_), changes_);
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  }

  ProcessingOptions options_;
  testing::FakeIronic ironic_;
  NodeChanges changes_;
  json::object report_ = testing::report();
};

TEST_F(HookModules, TheExampleWritesTheSerialNumber) {
  use(kExample, {"asset_tag"});
  EXPECT_EQ(run(), "");
  EXPECT_EQ(json::serialize(changes_.node_patch()),
            R"([{"op":"add","path":"/extra/asset_tag","value":"EX7-00017"}])");
  options_.hook_sections["asset_tag"] = {{"key", "serial"}};
  EXPECT_EQ(run(), "");
  EXPECT_EQ(changes_.node_patch()[1].at("path"), "/extra/serial");
  report_["inventory"] = json::object();
  EXPECT_EQ(run(),
            "Preprocessing hook asset_tag: inventory.system_vendor.serial_number is missing");
}

TEST_F(HookModules, OptionsThatTheHookDoesNotKnowAreRefusedAtStart) {
  use(kExample, {"asset_tag"});
  options_.hook_sections["asset_tag"] = {{"colour", "red"}};
  EXPECT_EQ(refusal().substr(0, refusal().find("\n[processing]")),
            "The following hook(s) are missing or failed to load: asset_tag\n" + kExample +
                ": [hook:asset_tag]colour: there is only `key`");
}

TEST_F(HookModules, AModuleThatIsNoneIsRefusedByFileAndSymbol) {
  const std::string begin = "[processing]hook_modules: ";
  use(bad("no_entry"), {});
  EXPECT_EQ(refusal(), begin + bad("no_entry") + ": has no symbol inspector_hook_entry");
  use(bad("wrong_abi"), {});
  EXPECT_EQ(refusal(),
            begin + bad("wrong_abi") + ": inspector_hook_entry has ABI 2, this program wants 1");
  use(bad("nameless"), {});
  EXPECT_EQ(refusal(), begin + bad("nameless") + ": inspector_hook_entry names no hook");
  use(bad("absent"), {});
  EXPECT_TRUE(refusal().starts_with(begin + bad("absent") + ": cannot be loaded: ")) << refusal();
  use("asset_tag.so", {});
  EXPECT_EQ(refusal(), begin + "asset_tag.so: the name of a module begins with /");
}

TEST_F(HookModules, ANameIsTakenOnce) {
  options_.hook_modules = {kExample, kExample};
  EXPECT_EQ(refusal(),
            "[processing]hook_modules: " + kExample + ": there is a hook asset_tag already");
}

TEST_F(HookModules, WhatAModuleNeedsIsChecked) {
  use(bad("misbehaving"), {"scheduler", "misbehaving"});
  EXPECT_NE(refusal().find("Hook misbehaving requires the following hooks to be enabled before "
                           "it: scheduler, example. The following hooks are missing: example."),
            std::string::npos)
      << refusal();
}

TEST_F(HookModules, WhatAModuleThrowsAtStartIsARefusal) {
  for (const auto& [option, why] :
       {std::pair("throw", "no start"), std::pair("refuse", "it does not want to")}) {
    use(bad("misbehaving"), {"misbehaving"});
    options_.hook_sections["misbehaving"] = {{option, "1"}};
    EXPECT_NE(refusal().find(bad("misbehaving") + ": " + why), std::string::npos) << refusal();
  }
}

TEST_F(HookModules, WhatAModuleThrowsFailsTheReportOnly) {
  use(bad("misbehaving"), {"scheduler", "example", "misbehaving"});
  report_["do"] = "throw";
  EXPECT_EQ(run(),
            "Unexpected exception std::runtime_error during preprocessing in hook misbehaving: "
            "thrown by a module");
  report_["do"] = "throw nothing known";
  EXPECT_NE(run().find("threw something that is no std::exception"), std::string::npos);
  report_["do"] = "reject";
  EXPECT_EQ(run(), "Preprocessing hook misbehaving: not \xEF\xBF\xBD good");
}

TEST_F(HookModules, NonsenseIsRefusedAndTheRestIsCollected) {
  use(bad("misbehaving"), {"scheduler", "example", "misbehaving"});
  report_["do"] = "nonsense";
  Pipeline pipeline(options_);
  EXPECT_TRUE(pipeline.before_processing(report_).empty());
  EXPECT_EQ(json::serialize(report_), R"({"done":1})");
  report_ = testing::report();
  options_.processing_hooks = {"misbehaving"};
  HookModule module(bad("misbehaving"));
  module.make({})->before_update(report_, NodeView("u1", ironic_, {}, changes_), changes_);
  EXPECT_EQ(json::serialize(changes_to_json(changes_)),
            R"({"node":[{"op":"add","path":"/extra/a","value":{"b":[1]}},)"
            R"({"op":"remove","path":"/extra/c"}],"reset_interfaces":false,"new_ports":[],)"
            R"("deleted_ports":[],"port_patches":{"p1":[{"op":"add","path":"/extra/d",)"
            R"("value":null}]},"links":[],"traits":{"CUSTOM_E":true,"CUSTOM_F":false}})");
}

TEST_F(HookModules, AnIronicThatIsAwayIsTheServicesAffair) {
  ironic_.refuse("GET /v1/nodes/u1", {503, "away"});
  const HookModule module(bad("misbehaving"));
  EXPECT_THROW(
      module.make({})->before_update(report_, NodeView("u1", ironic_, {}, changes_), changes_),
      ironic::Error);
}

}  // namespace
}  // namespace inspector
