#include "inspector/policy/policy.h"

#include "base/ini.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class PolicyFiles : public testing::Test {
 protected:
  PolicyFiles() {
    std::string name = testing::TempDir() + "policy-XXXXXX";
    folder_ = mkdtemp(name.data());
    fs::create_directory(folder_ / "policy.d");
    options_.files = {folder_ / "policy.yaml", folder_ / "policy.json"};
    options_.dirs = {folder_ / "policy.d"};
  }
  ~PolicyFiles() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    const fs::path other = folder_ / "new";  // so that it is another file, whatever the clock says
    std::ofstream(other) << text;
    fs::rename(other, folder_ / name);
  }

  static bool allows(Policy& policy, std::string_view role, std::string_view rule) {
    return policy.allows(rule, {{"roles", json::array{role}}});
  }

  fs::path folder_;
  PolicyOptions options_;
};

TEST_F(PolicyFiles, WithoutAnyTheDefaultsHold) {
  Policy policy(options_);
  EXPECT_TRUE(allows(policy, "admin", "introspection:status"));
  EXPECT_FALSE(allows(policy, "member", "introspection:status"));
  EXPECT_FALSE(allows(policy, "admin", "introspection:unheard_of"));
}

TEST_F(PolicyFiles, SayWhoMayInstead) {
  write("policy.yaml",
        "\"introspection:status\": role:member\n"
        "\"introspection:abort\": \"!\"\n"
        "\"introspection:data\": [[\"role:a\", \"role:b\"], [\"role:c\"]]\n"
        "\"introspection:start\": this is none\n");
  Policy policy(options_);
  EXPECT_TRUE(allows(policy, "member", "introspection:status"));
  EXPECT_FALSE(allows(policy, "admin", "introspection:status"));
  EXPECT_FALSE(allows(policy, "admin", "introspection:abort"));
  EXPECT_TRUE(allows(policy, "c", "introspection:data"));
  EXPECT_FALSE(allows(policy, "a", "introspection:data"));
  EXPECT_FALSE(allows(policy, "admin", "introspection:start"));
  EXPECT_TRUE(allows(policy, "admin", "introspection:reapply"));
}

TEST_F(PolicyFiles, AreReadAgainWhenTheyChangeComeOrGo) {
  Policy policy(options_);
  write("policy.yaml", "\"introspection:status\": role:x\n");
  EXPECT_TRUE(allows(policy, "x", "introspection:status"));
  write("policy.d/more.yaml", "\"introspection:status\": role:y\n");
  EXPECT_FALSE(allows(policy, "x", "introspection:status"));
  EXPECT_TRUE(allows(policy, "y", "introspection:status"));
  fs::remove(folder_ / "policy.d" / "more.yaml");
  fs::remove(folder_ / "policy.yaml");
  EXPECT_FALSE(allows(policy, "x", "introspection:status"));
  EXPECT_TRUE(allows(policy, "admin", "introspection:status"));
}

TEST_F(PolicyFiles, ABrokenOneLeavesWhatWasBefore) {
  write("policy.yaml", "\"introspection:status\": role:x\n");
  Policy policy(options_);
  write("policy.yaml", "\"introspection:status\": [[[\n");
  EXPECT_TRUE(allows(policy, "x", "introspection:status"));
  EXPECT_FALSE(allows(policy, "admin", "introspection:status"));
}

TEST_F(PolicyFiles, AnOpenQuoteAtTheEndIsABrokenOne) {
  const std::string open = "\"introspection:start\": \"@\"\n\"introspection:status\": \"role:x\n";
  write("policy.yaml", open);
  EXPECT_THROW(Policy{options_}, base::ConfigError);
  write("policy.yaml", "\"introspection:status\": role:x\n");
  Policy policy(options_);
  write("policy.yaml", open);
  EXPECT_TRUE(allows(policy, "x", "introspection:status"));
  EXPECT_FALSE(allows(policy, "x", "introspection:start"));
}

TEST_F(PolicyFiles, ACheckThatYamlTakesForATypeIsABrokenOne) {
  write("policy.yaml", "\"introspection:status\": !role\n");
  EXPECT_THROW(Policy{options_}, base::ConfigError);
  write("policy.yaml", "\"introspection:status\": !\n");
  Policy policy(options_);
  EXPECT_FALSE(allows(policy, "admin", "introspection:status"));
}

TEST_F(PolicyFiles, AnEmptyCheckIsOpenToAllWhateverItsQuotes) {
  for (const std::string check : {"\"\"", "''", "\"\" # all", "[]", "", "\"@\""}) {
    write("policy.yaml", "\"caf\u00e9\": role:x\n\"introspection:status\": " + check + "\n");
    Policy policy(options_);
    EXPECT_TRUE(allows(policy, "anybody", "introspection:status")) << check;
  }
  for (const std::string check :
       {"!", "\"!\"", "[!]", "'!'", "! # nobody", "[[\"!\"]]", "[[]]", "[\"\"]", "[[\"\"]]"}) {
    write("policy.yaml", "\"caf\u00e9\": role:x\n\"introspection:status\": " + check + "\n");
    Policy policy(options_);
    EXPECT_FALSE(allows(policy, "admin", "introspection:status")) << check;
  }
}

TEST_F(PolicyFiles, ABrokenOneAtStartIsRefused) {
  write("policy.yaml", "- a\n- b\n");
  try {
    const Policy policy(options_);
    FAIL();
  } catch (const base::ConfigError& error) {
    EXPECT_EQ(error.what(),
              "policy file " + (folder_ / "policy.yaml").string() + ": expected names and checks");
  }
}

}  // namespace
}  // namespace inspector
