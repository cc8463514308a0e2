#include "inspector/pxe_filter/iptables.h"

#include "base/log.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.pxe_filter";

using Words = std::vector<std::string>;

/// What a chain says: it fits everything that it has to be compared for.
struct Rules {
  std::set<std::string> macs;
  std::string of_macs = "ACCEPT";
  std::string of_the_rest = "DROP";
  bool operator==(const Rules&) const = default;
};

class IptablesGate : public Gate {
 public:
  IptablesGate(IptablesOptions options, RunCommand run)
      : options_(std::move(options)), run_(std::move(run)) {}

  void prepare() override {
    remove(options_.chain + "_temp");  // of upstream's, when it was interrupted
    fill({.macs = {}, .of_the_rest = "REJECT"});
    if (!in_use()) must(jump("-I", options_.chain), {});
  }

  void apply(const BootSet& set) override {
    const Rules wanted = rules_for(set);
    const bool used = in_use();
    if (used && applied_ == wanted) return;
    applied_.reset();
    fill(wanted);
    if (!used) must(jump("-I", options_.chain), {});
    applied_ = wanted;
  }

  void begin() override {}

  void end() noexcept override {
    try {
      remove(options_.chain);
    } catch (const std::exception& e) {
      base::log_warning(kComponent, std::string("The chain was not removed: ") + e.what());
    }
  }

 private:
  Rules rules_for(const BootSet& set) const {
    if (!set.boots_expected) return {.macs = {}, .of_the_rest = "REJECT"};
    if (options_.deny_unknown_macs) return {.macs = set.active};
    Rules rules{.macs = {}, .of_macs = "DROP", .of_the_rest = "ACCEPT"};
    std::set_difference(set.known.begin(), set.known.end(), set.active.begin(), set.active.end(),
                        std::inserter(rules.macs, rules.macs.end()));
    return rules;
  }

  /// The whole chain in one step, made if it is not there; other chains stay as they are.
  void fill(const Rules& rules) const {
    const std::string& chain = options_.chain;
    std::string text = "*filter\n:" + chain + " - [0:0]\n";
    for (const std::string& mac : rules.macs)
      text += "-A " + chain + " -m mac --mac-source " + mac + " -j " + rules.of_macs + "\n";
    text += "-A " + chain + " -j " + rules.of_the_rest + "\nCOMMIT\n";
    must(restore({"--noflush"}), text);
  }

  /// Whether nobody has taken our chain out of the firewall.
  bool in_use() const { return run_(jump("-C", options_.chain), {}).code == 0; }

  /// Each step fails where there is nothing to remove.
  void remove(const std::string& chain) const {
    while (run_(jump("-D", chain), {}).code == 0) {
    }
    run_(command({"-F", chain}), {});
    run_(command({"-X", chain}), {});
  }

  Words jump(const char* how, const std::string& chain) const {
    return command({how, "INPUT", "-i", options_.interface, "-p", "udp", "--dport",
                    options_.v6 ? "547" : "67", "-j", chain});
  }

  Words command(const Words& arguments) const { return program("", arguments); }
  Words restore(const Words& arguments) const { return program("-restore", arguments); }

  /// With -w it waits for others who change the firewall.
  Words program(const std::string& suffix, const Words& arguments) const {
    Words all = options_.root;
    all.insert(all.end(), {(options_.v6 ? "ip6tables" : "iptables") + suffix, "-w", "10"});
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
  }

  void must(const Words& words, std::string_view input) const {
    const CommandResult result = run_(words, input);
    if (result.code == 0) return;
    std::string text;
    for (const std::string& word : words)
      text += word + " ";
    throw std::runtime_error(text + "ended with code " + std::to_string(result.code) + ": " +
                             result.output);
  }

  const IptablesOptions options_;
  const RunCommand run_;
  std::optional<Rules> applied_;  ///< unset: not known
};

}  // namespace

std::unique_ptr<Gate> iptables_gate(IptablesOptions options, RunCommand run) {
  return std::make_unique<IptablesGate>(std::move(options), std::move(run));
}

}  // namespace inspector
