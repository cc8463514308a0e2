#include "inspector/rootwrap/filters.h"

#include "base/ini.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class Rootwrap : public testing::Test {
 protected:
  Rootwrap() {
    fs::create_directories(bin());
    for (const char* name : {"iptables", "iptables-restore", "cat"})
      program(name);
    write("rootwrap.conf", "[DEFAULT]\nfilters_path = " + (folder_.path() / "filters").string() +
                               "\nexec_dirs = " + bin().string() + "\n");
    fs::create_directories(folder_.path() / "filters");
  }
  fs::path bin() const { return folder_.path() / "bin"; }
  void program(const std::string& name) {
    std::ofstream(bin() / name) << "#!/bin/sh\n";
    fs::permissions(bin() / name, fs::perms::owner_all);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }
  void filters(const std::string& lines) { write("filters/a.filters", "[Filters]\n" + lines); }
  RootwrapConfig config() { return read_rootwrap(folder_.path() / "rootwrap.conf", "/nowhere"); }
  std::optional<Words> of(const Words& command) { return permitted(config(), command); }

  support::TempFolder folder_;
};

TEST_F(Rootwrap, ACommandFilterPermitsItsProgramWithAnyArguments) {
  filters("iptables: CommandFilter, iptables, root\n");
  EXPECT_EQ(of({"iptables", "-w", "-L"}), (Words{bin() / "iptables", "-w", "-L"}));
  EXPECT_EQ(of({"/sbin/iptables"}), std::nullopt);
  EXPECT_EQ(of({"cat", "/etc/shadow"}), std::nullopt);
}

TEST_F(Rootwrap, WhoMayRunIptablesMayRunItsRestoreAndNothingElse) {
  filters("x: CommandFilter, iptables, root\n");
  EXPECT_EQ(of({"iptables-restore", "-w"}), (Words{bin() / "iptables-restore", "-w"}));
  EXPECT_EQ(of({"iptables-save"}), std::nullopt);
  filters("x: RegExpFilter, iptables, root, iptables, -L\n");
  EXPECT_EQ(of({"iptables-restore"}), std::nullopt);
}

TEST_F(Rootwrap, AProgramIsFoundOnlyWhereItMayBe) {
  filters("gone: CommandFilter, frobnicate, root\n");
  EXPECT_THROW(of({"frobnicate"}), ProgramNotFound);
  filters("cat: CommandFilter, " + (bin() / "cat").string() + ", root\n");
  EXPECT_EQ(of({"cat"}), (Words{bin() / "cat"}));
}

TEST_F(Rootwrap, AnotherUserIsReachedThroughSudo) {
  filters("cat: CommandFilter, cat, nobody\n");
  EXPECT_EQ(of({"cat", "x"}), (Words{"/usr/bin/sudo", "-u", "nobody", bin() / "cat", "x"}));
}

TEST_F(Rootwrap, PatternsMatchEachArgumentWhole) {
  filters("l: RegExpFilter, iptables, root, iptables, -[LS], [a-z]+$\n");
  EXPECT_TRUE(of({"iptables", "-L", "chain"}));
  EXPECT_FALSE(of({"iptables", "-L", "chain2"}));
  EXPECT_FALSE(of({"iptables", "-L"}));
  EXPECT_FALSE(of({"iptables", "-L", "chain", "-F"}));
  EXPECT_FALSE(of({"iptables", "-L", std::string(100000, 'a')}));
}

TEST_F(Rootwrap, PathsMustLieInTheirFolderAfterLinksAndDotsAreFollowed) {
  const std::string inside = folder_.path() / "bin";
  filters("cat: PathFilter, cat, root, " + inside + "\n");
  EXPECT_TRUE(of({"cat", inside + "/cat"}));
  EXPECT_FALSE(of({"cat", inside + "/../secret"}));
  EXPECT_FALSE(of({"cat", inside + "-more/x"}));
  EXPECT_FALSE(of({"cat", "cat"}));
  fs::create_symlink("/etc", bin() / "link");
  EXPECT_FALSE(of({"cat", inside + "/link/shadow"}));
}

TEST_F(Rootwrap, AKindThatIsNotKnownPermitsNothingAndIsNamed) {
  filters("kill: KillFilter, root, cat, -9\n");
  EXPECT_EQ(of({"kill", "-9", "1"}), std::nullopt);
  EXPECT_EQ(config().notes.size(), 1U);
}

TEST_F(Rootwrap, WhatCannotBeUsedIsAnErrorThatNamesTheFile) {
  filters("x: CommandFilter, iptables\n");
  EXPECT_THROW(config(), base::ConfigError);
  write("rootwrap.conf", "[DEFAULT]\n");
  EXPECT_THROW(config(), base::ConfigError);
  fs::remove(folder_.path() / "rootwrap.conf");
  EXPECT_THROW(config(), base::ConfigError);
}

}  // namespace
}  // namespace inspector
