#include "inspector/pxe_filter/dnsmasq.h"

#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace inspector {
namespace {

const std::string kA = "aa:aa:aa:aa:aa:aa";
const std::string kB = "bb:bb:bb:bb:bb:bb";
const std::string kGone = "cc:cc:cc:cc:cc:cc";

using Files = std::map<std::string, std::string>;

class Dnsmasq : public testing::Test {
 protected:
  std::unique_ptr<Gate> gate(DnsmasqOptions options = {}) {
    options.hosts_dir = folder_.path();
    auto made = dnsmasq_gate(std::move(options), [this](const auto& command, std::string_view) {
      commands_.push_back(command);
      return CommandResult{.code = code_, .output = "what it said"};
    });
    return made;
  }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }
  Files files() const {
    Files all;
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      std::ostringstream text;
      text << std::ifstream(file.path()).rdbuf();
      all[file.path().filename()] = text.str();
    }
    return all;
  }

  support::TempFolder folder_;
  std::vector<std::vector<std::string>> commands_;
  int code_ = 0;
};

TEST_F(Dnsmasq, BeforeAnythingIsKnownItIsClosed) {
  put(kA, kA + "\n");
  gate()->prepare();
  EXPECT_EQ(files(), (Files{{"unknown_hosts_filter", "*:*:*:*:*:*,ignore\n"}}));
}

TEST_F(Dnsmasq, FilesThatAreKeptAreClosedToo) {
  put(kA, kA + "\n");
  gate({.purge = false})->prepare();
  EXPECT_EQ(files(),
            (Files{{"unknown_hosts_filter", "*:*:*:*:*:*,ignore\n"}, {kA, kA + ",ignore\n"}}));
}

TEST_F(Dnsmasq, OnlyMachinesUnderIntrospectionMayBootOfThoseThatIronicKnows) {
  const auto it = gate();
  it->prepare();
  it->apply({.known = {kA, kB}, .active = {kA}, .boots_expected = true});
  EXPECT_EQ(
      files(),
      (Files{{"unknown_hosts_filter", "*:*:*:*:*:*\n"}, {kA, kA + "\n"}, {kB, kB + ",ignore\n"}}));
  it->apply({.known = {kA, kB}, .active = {}, .boots_expected = false});
  EXPECT_EQ(files(), (Files{{"unknown_hosts_filter", "*:*:*:*:*:*,ignore\n"},
                            {kA, kA + ",ignore\n"},
                            {kB, kB + ",ignore\n"}}));
}

TEST_F(Dnsmasq, UnknownMachinesMayBeDenied) {
  const auto it = gate({.deny_unknown_macs = true});
  it->prepare();
  it->apply({.known = {kA}, .active = {kB}, .boots_expected = true});
  EXPECT_EQ(files(), (Files{{"unknown_hosts_filter", "*:*:*:*:*:*,ignore\n"},
                            {kA, kA + ",ignore\n"},
                            {kB, kB + "\n"}}));
}

TEST_F(Dnsmasq, AMachineThatIronicHasForgottenIsTreatedAsAnUnknownOne) {
  const auto it = gate();
  it->prepare();
  it->apply({.known = {kGone}, .active = {}, .boots_expected = true});
  EXPECT_EQ(files().at(kGone), kGone + ",ignore\n");
  it->apply({.known = {}, .active = {}, .boots_expected = true});
  EXPECT_EQ(files().at(kGone), kGone + "\n");
  it->apply({.known = {}, .active = {}, .boots_expected = false});
  EXPECT_EQ(files().at(kGone), kGone + ",ignore\n");
}

TEST_F(Dnsmasq, WhatSomebodyElseHasWrittenIsPutRight) {
  const auto it = gate();
  it->prepare();
  const BootSet set = {.known = {kA}, .active = {}, .boots_expected = false};
  it->apply(set);
  put(kA, kA + "\n");
  put("unknown_hosts_filter", "");
  it->apply(set);
  EXPECT_EQ(files().at(kA), kA + ",ignore\n");
  EXPECT_EQ(files().at("unknown_hosts_filter"), "*:*:*:*:*:*,ignore\n");
}

TEST_F(Dnsmasq, OneFileThatCannotBeWrittenKeepsNoOtherFromBeingClosed) {
  const auto it = gate();
  it->prepare();
  std::filesystem::create_directory(folder_.path() / kA);
  put(kA + "/in_the_way", "");
  try {
    it->apply({.known = {kA, kB}, .active = {}, .boots_expected = false});
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find(kA), std::string::npos);
  }
  std::ifstream in(folder_.path() / kB);
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, kB + ",ignore");
}

TEST_F(Dnsmasq, ItsCommandsRunInAShellAsRoot) {
  const auto it = gate({.start_command = "dnsmasq $(cat options)",
                        .stop_command = "kill it",
                        .root = {"sudo", "-n", "ironic-inspector-rootwrap", "/etc/x.conf"}});
  it->begin();
  it->end();
  EXPECT_EQ(
      commands_,
      (std::vector<std::vector<std::string>>{
          {"/bin/sh", "-c", "sudo -n ironic-inspector-rootwrap /etc/x.conf dnsmasq $(cat options)"},
          {"/bin/sh", "-c", "sudo -n ironic-inspector-rootwrap /etc/x.conf kill it"}}));
}

TEST_F(Dnsmasq, AStartCommandThatFailsIsToldWithWhatItSaid) {
  code_ = 3;
  const auto it = gate({.start_command = "dnsmasq", .stop_command = "kill it"});
  try {
    it->begin();
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(),
                 "[dnsmasq_pxe_filter]dnsmasq_start_command ended with code 3: what it said");
  }
  it->end();
}

TEST_F(Dnsmasq, AFolderThatIsNotThereIsMade) {
  DnsmasqOptions options;
  options.hosts_dir = folder_.path() / "hosts";
  dnsmasq_gate(options)->prepare();
  EXPECT_TRUE(std::filesystem::exists(options.hosts_dir / "unknown_hosts_filter"));
}

TEST_F(Dnsmasq, AFolderThatCannotBeMadeIsNamed) {
  for (const bool purge : {false, true}) {
    DnsmasqOptions options;
    options.hosts_dir = "/proc/nowhere";
    options.purge = purge;
    try {
      dnsmasq_gate(options)->prepare();
      FAIL();
    } catch (const std::runtime_error& e) {
      EXPECT_NE(std::string(e.what()).find("dhcp_hostsdir = /proc/nowhere"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace inspector
