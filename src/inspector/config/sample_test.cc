// packaging/inspector.conf.sample is right: as it stands, and with the options that it shows behind
// #.
#include "base/ini.h"
#include "inspector/config/load.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;

std::string sample() {
  std::ifstream file(support::source_path("packaging/inspector.conf.sample"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Config load(const std::string& text) {
  std::string folder = (fs::temp_directory_path() / "sample-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp");
  const std::string path = folder + "/inspector.conf";
  std::ofstream(path) << text;
  CommandLine line;
  line.config_files = {path};
  Config config = load_config(Service::kStandalone, line, {.home = "", .etc = folder});
  fs::remove_all(folder);
  return config;
}

TEST(SampleConfiguration, StartsTheService) {
  const Config config = load(sample());
  EXPECT_EQ(config.warnings, std::vector<std::string>());
  EXPECT_EQ(config.api.auth, ApiOptions::Auth::kHttpBasic);
  EXPECT_EQ(config.pxe_filter.driver, PxeFilterOptions::Driver::kDnsmasq);
}

TEST(SampleConfiguration, ShowsOnlyOptionsThatAreRead) {
  const std::regex shown("(^|\n)#([a-z_]+ = )");
  ASSERT_TRUE(std::regex_search(sample(), shown));
  std::string text = std::regex_replace(sample(), shown, "$1$2");
  // Its credentials belong to this way of showing them.
  text.replace(text.find("auth_type = none"), 16, "auth_type = http_basic");
  EXPECT_EQ(load(text).warnings, std::vector<std::string>());
}

}  // namespace
}  // namespace inspector
