#include "inspector/pxe_filter/iptables.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace inspector {
namespace {

const std::string kA = "aa:aa:aa:aa:aa:aa";
const std::string kB = "bb:bb:bb:bb:bb:bb";

/// Remembers what was run; what does `-C` and `-D` find is told by `jumps`.
struct Firewall {
  struct Run {
    std::string words;
    std::string input;
  };
  std::vector<Run> runs;
  int jumps = 0;
  std::string fails;  ///< part of the command that does

  CommandResult operator()(const std::vector<std::string>& command, std::string_view input) {
    std::string words;
    for (const std::string& word : command)
      words += (words.empty() ? "" : " ") + word;
    runs.push_back({words, std::string(input)});
    if (!fails.empty() && words.find(fails) != std::string::npos) return {1, "no"};
    if (words.find(" -C ") != std::string::npos) return {jumps > 0 ? 0 : 1, ""};
    if (words.find(" -I ") != std::string::npos) ++jumps;
    if (words.find(" -D ") != std::string::npos) {
      const bool ours = words.ends_with("-j ironic-inspector") && jumps > 0;
      if (ours) --jumps;
      return {ours ? 0 : 1, ""};
    }
    return {0, ""};
  }
  std::string last_rules() const {
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
      if (!run->input.empty()) return run->input;
    return "none";
  }
};

std::string rules(const std::string& lines) {
  return "*filter\n:ironic-inspector - [0:0]\n" + lines + "COMMIT\n";
}

class Iptables : public testing::Test {
 protected:
  std::unique_ptr<Gate> gate(IptablesOptions options = {}) {
    return iptables_gate(std::move(options), [this](const auto& command, std::string_view input) {
      return firewall_(command, input);
    });
  }
  Firewall firewall_;
};

TEST_F(Iptables, ItIsClosedBeforeRequestsGoThroughIt) {
  gate()->prepare();
  EXPECT_EQ(firewall_.last_rules(), rules("-A ironic-inspector -j REJECT\n"));
  const auto run = std::find_if(firewall_.runs.begin(), firewall_.runs.end(),
                                [](const auto& each) { return !each.input.empty(); });
  ASSERT_NE(run, firewall_.runs.end());
  EXPECT_EQ(run->words, "iptables-restore -w 10 --noflush");
  EXPECT_EQ(firewall_.runs.back().words,
            "iptables -w 10 -I INPUT -i br-ctlplane -p udp --dport 67 -j ironic-inspector");
  EXPECT_EQ(firewall_.jumps, 1);
}

TEST_F(Iptables, MachinesThatIronicKnowsAreDroppedUnlessTheyAreIntrospected) {
  const auto it = gate();
  it->prepare();
  it->apply({.known = {kA, kB}, .active = {kA}, .boots_expected = true});
  EXPECT_EQ(firewall_.last_rules(), rules("-A ironic-inspector -m mac --mac-source " + kB +
                                          " -j DROP\n-A ironic-inspector -j ACCEPT\n"));
}

TEST_F(Iptables, OnlyMachinesUnderIntrospectionAreAcceptedWhenOthersAreDenied) {
  const auto it = gate({.deny_unknown_macs = true});
  it->prepare();
  it->apply({.known = {kA, kB}, .active = {kA}, .boots_expected = true});
  EXPECT_EQ(firewall_.last_rules(), rules("-A ironic-inspector -m mac --mac-source " + kA +
                                          " -j ACCEPT\n-A ironic-inspector -j DROP\n"));
}

TEST_F(Iptables, NobodyGetsThroughWhileNobodyIsExpected) {
  const auto it = gate();
  it->prepare();
  it->apply({.known = {kA}, .active = {}, .boots_expected = false});
  EXPECT_EQ(firewall_.last_rules(), rules("-A ironic-inspector -j REJECT\n"));
}

TEST_F(Iptables, TheSameAgainChangesNothing) {
  const auto it = gate();
  it->prepare();
  const BootSet set = {.known = {kA}, .active = {}, .boots_expected = true};
  it->apply(set);
  const std::size_t before = firewall_.runs.size();
  it->apply(set);
  EXPECT_EQ(firewall_.runs.size(), before + 1);  // one look whether it is still in use
}

TEST_F(Iptables, ItComesBackWhenSomebodyTookItOut) {
  const auto it = gate();
  it->prepare();
  const BootSet set = {.known = {kA}, .active = {}, .boots_expected = true};
  it->apply(set);
  firewall_.jumps = 0;
  it->apply(set);
  EXPECT_EQ(firewall_.jumps, 1);
}

TEST_F(Iptables, AfterAFailureEverythingIsSetAgain) {
  const auto it = gate();
  it->prepare();
  const BootSet set = {.known = {kA}, .active = {}, .boots_expected = true};
  firewall_.fails = "iptables-restore";
  EXPECT_THROW(it->apply(set), std::runtime_error);
  firewall_.fails.clear();
  it->apply(set);
  EXPECT_NE(firewall_.last_rules().find(kA), std::string::npos);
}

TEST_F(Iptables, TenThousandMachinesAreOneCommand) {
  const auto it = gate();
  it->prepare();
  BootSet set = {.known = {}, .active = {}, .boots_expected = true};
  for (int i = 0; i < 10'000; ++i) {
    char mac[18];
    std::snprintf(mac, sizeof mac, "02:00:00:00:%02x:%02x", static_cast<unsigned>(i) >> 8U & 0xffU,
                  static_cast<unsigned>(i) & 0xffU);
    set.known.insert(mac);
  }
  const std::size_t before = firewall_.runs.size();
  it->apply(set);
  EXPECT_EQ(firewall_.runs.size(), before + 2);
}

TEST_F(Iptables, OfIpv6AndAsAnotherUserItIsAnotherCommand) {
  const auto it = gate({.interface = "eth1", .chain = "gate", .v6 = true, .root = {"sudo", "-n"}});
  it->prepare();
  EXPECT_EQ(firewall_.runs.back().words,
            "sudo -n ip6tables -w 10 -I INPUT -i eth1 -p udp --dport 547 -j gate");
}

TEST_F(Iptables, AtTheEndNothingIsLeft) {
  const auto it = gate();
  it->prepare();
  it->end();
  EXPECT_EQ(firewall_.jumps, 0);
  EXPECT_EQ(firewall_.runs.back().words, "iptables -w 10 -X ironic-inspector");
}

}  // namespace
}  // namespace inspector
