#include "inspector/config/files.h"

#include "inspector/config/command_line.h"
#include "inspector/config/log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;

class ConfigFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "config-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
    paths_ = {.home = (root_ / "home").string(), .etc = (root_ / "etc").string()};
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }

  std::string host(const CommandLine& line, std::string_view program = "ironic-inspector") {
    return read_config(line, program, paths_).text("DEFAULT", "host", "none");
  }

  fs::path root_;
  SearchPaths paths_;
};

TEST_F(ConfigFiles, NothingFoundIsAnEmptyConfiguration) { EXPECT_EQ(host({}), "none"); }

TEST_F(ConfigFiles, TheFirstPlaceThatHasTheFileWins) {
  write("etc/ironic-inspector.conf", "host = etc\n");
  EXPECT_EQ(host({}), "etc");
  write("etc/ironic-inspector/ironic-inspector.conf", "host = etc-project\n");
  EXPECT_EQ(host({}), "etc-project");
  write("home/ironic-inspector.conf", "host = home\n");
  EXPECT_EQ(host({}), "home");
  write("home/.ironic-inspector/ironic-inspector.conf", "host = home-project\n");
  EXPECT_EQ(host({}), "home-project");
}

TEST_F(ConfigFiles, AProgramsOwnFileAndTheDirectoriesComeLater) {
  write("etc/ironic-inspector/ironic-inspector.conf", "host = project\n");
  write("etc/ironic-inspector/ironic-inspector-conductor.conf", "host = program\n");
  EXPECT_EQ(host({}, "ironic-inspector-conductor"), "program");
  EXPECT_EQ(host({}), "project");
  write("etc/ironic-inspector/ironic-inspector.conf.d/10-a.conf", "host = directory\n");
  EXPECT_EQ(host({}), "directory");
}

TEST_F(ConfigFiles, FilesOfTheCommandLineReplaceTheSearch) {
  write("etc/ironic-inspector.conf", "host = etc\n");
  write("a.conf", "host = a\n");
  write("b.conf", "host = b\n");
  CommandLine line;
  line.config_files = {(root_ / "a.conf").string(), (root_ / "b.conf").string()};
  EXPECT_EQ(host(line), "b");
}

TEST_F(ConfigFiles, ANamedFileThatIsMissingIsSaid) {
  CommandLine line;
  line.config_files = {"/nonexistent/i.conf"};
  try {
    host(line);
    FAIL() << "accepted";
  } catch (const base::ConfigError& error) {
    EXPECT_STREQ(error.what(), "cannot read configuration file /nonexistent/i.conf");
  }
}

TEST_F(ConfigFiles, HooksMayBeAddedToTheDefaultOnes) {
  write("a.conf", "[processing]\nprocessing_hooks = $default_processing_hooks,extra\n");
  CommandLine line;
  line.config_files = {(root_ / "a.conf").string()};
  const base::Ini ini = read_config(line, "ironic-inspector", paths_);
  EXPECT_EQ(ini.list("processing", "processing_hooks", "").size(), 7U);
}

TEST(LogConfig, TheCommandLineBeatsTheFiles) {
  base::Ini ini;
  ini.read_text("debug = False\nlog_file = a.log\nlog_dir = /var/log\nuse_json = True\n", "i.conf");
  CommandLine line;
  EXPECT_EQ(read_log(ini, line, "p").file, "/var/log/a.log");
  EXPECT_TRUE(read_log(ini, line, "p").json);
  EXPECT_FALSE(read_log(ini, line, "p").debug);
  line.debug = true;
  line.log_file = "/tmp/b.log";
  EXPECT_EQ(read_log(ini, line, "p").file, "/tmp/b.log");
  EXPECT_TRUE(read_log(ini, line, "p").debug);
}

TEST(LogConfig, ADirectoryAloneHoldsAFileNamedForTheProgram) {
  base::Ini ini;
  ini.read_text("log_dir = /var/log\n", "i.conf");
  EXPECT_EQ(read_log(ini, {}, "ironic-inspector").file, "/var/log/ironic-inspector.log");
  EXPECT_EQ(read_log(base::Ini(), {}, "ironic-inspector").file, "");
}

}  // namespace
}  // namespace inspector
