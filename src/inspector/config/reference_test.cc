#include "inspector/config/check.h"
#include "inspector/config/load.h"

#include "base/ini.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

/// The reference with its defaults set: what has none stays a comment.
std::string reference() {
  std::ifstream in(support::source_path("packaging/inspector.conf.reference"));
  std::string text, line;
  while (std::getline(in, line)) {
    const bool option = line.starts_with('#') && !line.starts_with("# ");
    text += (option && !line.ends_with("<None>") ? line.substr(1) : line) + "\n";
  }
  return text;
}

/// The text of a page's n-th block of the kind `ini`.
std::string block(const std::string& page, int n) {
  std::ifstream in(support::source_path(page));
  std::string text, line;
  while (std::getline(in, line)) {
    if (line == "```ini") --n;
    if (n < 0 && line == "```") break;
    if (n < 0 && line != "```ini") text += line + "\n";
  }
  return text;
}

/// Loads `text`; the warnings.
std::vector<std::string> load(Service service, const std::string& text) {
  std::string folder = testing::TempDir() + "sample-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
  CommandLine line;
  line.config_files = {folder + "/i.conf"};
  std::ofstream(line.config_files[0]) << text;
  std::vector<std::string> warnings = load_config(service, line).warnings;
  std::filesystem::remove_all(folder);
  return warnings;
}

TEST(ReferenceConfiguration, TheReadmesLeastIsEnough) {
  const std::string least = block("README.md", 0);
  EXPECT_EQ(load(Service::kStandalone, least), std::vector<std::string>());
  load(Service::kConductor, least + block("README.md", 1));
  load(Service::kApi, least + block("README.md", 1));
}

TEST(ReferenceConfiguration, IsMadeOfOptionsThatAreReadWithValuesThatAreAccepted) {
  std::vector<std::string> warnings =
      load(Service::kStandalone,
           reference() +
               "[DEFAULT]\nauth_strategy = noauth\n[processing]\nstore_data = swift\n"
               "[ironic]\nauth_type = none\nendpoint_override = http://ironic/\n"
               "[swift]\nauth_type = none\nendpoint_override = http://swift/v1/a\n");
  std::erase_if(warnings, [](const std::string& text) {  // read only with what they belong to
    return text.find("[keystone_authtoken]") != std::string::npos ||
           text.find("[service_catalog]") != std::string::npos;
  });
  EXPECT_EQ(warnings, std::vector<std::string>());
}

}  // namespace
}  // namespace inspector
