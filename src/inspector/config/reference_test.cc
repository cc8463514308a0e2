#include "inspector/config/check.h"
#include "inspector/config/load.h"

#include "base/ini.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

/// The reference with its defaults set: what has none stays a comment.
std::string sample() {
  std::ifstream in(TOOZ_SOURCE_DIR "/packaging/inspector.conf.reference");
  std::string text, line;
  while (std::getline(in, line)) {
    const bool option = line.starts_with('#') && !line.starts_with("# ");
    text += (option && !line.ends_with("<None>") ? line.substr(1) : line) + "\n";
  }
  return text;
}

TEST(ReferenceConfiguration, IsMadeOfOptionsThatAreReadWithValuesThatAreAccepted) {
  std::string file = testing::TempDir() + "sample-XXXXXX";
  ASSERT_NE(mkdtemp(file.data()), nullptr);
  file += "/i.conf";
  std::ofstream(file) << sample()
                      << "[DEFAULT]\nauth_strategy = noauth\n[processing]\nstore_data = swift\n"
                         "[ironic]\nauth_type = none\nendpoint_override = http://ironic/\n"
                         "[swift]\nauth_type = none\nendpoint_override = http://swift/v1/a\n";
  CommandLine line;
  line.config_files = {file};
  std::vector<std::string> warnings = load_config(Service::kStandalone, line).warnings;
  std::erase_if(warnings, [](const std::string& text) {  // read only with what they belong to
    return text.find("[keystone_authtoken]") != std::string::npos ||
           text.find("[service_catalog]") != std::string::npos;
  });
  EXPECT_EQ(warnings, std::vector<std::string>());
  std::filesystem::remove_all(std::filesystem::path(file).parent_path());
}

}  // namespace
}  // namespace inspector
