#include "inspector/config/pxe_filter.h"

#include "base/ini.h"

#include <algorithm>
#include <array>

namespace inspector {
namespace {

constexpr std::string_view kSection = "pxe_filter";
constexpr std::string_view kDnsmasq = "dnsmasq_pxe_filter";
constexpr std::string_view kIptables = "iptables";

PxeFilterOptions::Driver read_driver(const base::Ini& ini) {
  constexpr std::array<std::string_view, 3> kDrivers = {"iptables", "dnsmasq", "noop"};
  const std::string driver = ini.choice(kSection, "driver", "iptables", kDrivers);
  if (driver == "noop") return PxeFilterOptions::Driver::kNoop;
  return driver == "dnsmasq" ? PxeFilterOptions::Driver::kDnsmasq
                             : PxeFilterOptions::Driver::kIptables;
}

DnsmasqOptions read_dnsmasq(const base::Ini& ini) {
  DnsmasqOptions options;
  options.hosts_dir = ini.text(kDnsmasq, "dhcp_hostsdir", options.hosts_dir.string());
  options.purge = ini.boolean(kDnsmasq, "purge_dhcp_hostsdir", true);
  options.start_command = ini.text(kDnsmasq, "dnsmasq_start_command", "");
  options.stop_command = ini.text(kDnsmasq, "dnsmasq_stop_command", "");
  return options;
}

/// Both become arguments of a program.
std::string plain_word(const base::Ini& ini, std::string_view option, std::string_view fallback,
                       std::size_t longest) {
  const std::string word = ini.text(kIptables, option, fallback);
  const bool plain = std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ':' || c == '@' ||
           c == '+';
  });
  if (word.empty() || word.size() > longest || !plain || word.front() == '-')
    throw ini.error(kIptables, option,
                    "accepted: a name of 1 to " + std::to_string(longest) + " letters and digits");
  return word;
}

IptablesOptions read_iptables(const base::Ini& ini) {
  constexpr std::array<std::string_view, 2> kVersions = {"4", "6"};
  constexpr std::size_t kLongestInterface = 15, kLongestChain = 23;  // with _temp: 28
  IptablesOptions options;
  options.interface = plain_word(ini, "dnsmasq_interface", "br-ctlplane", kLongestInterface);
  options.chain = plain_word(ini, "firewall_chain", "ironic-inspector", kLongestChain);
  options.v6 = ini.choice(kIptables, "ip_version", "4", kVersions) == "6";
  return options;
}

}  // namespace

PxeFilterOptions read_pxe_filter(const base::Ini& ini) {
  PxeFilterOptions options;
  options.driver = read_driver(ini);
  const auto period = ini.integer(kSection, "sync_period", 15, 0, 86'400);
  options.keeper.period.reset();
  if (period > 0) options.keeper.period = std::chrono::seconds(period);
  options.dnsmasq = read_dnsmasq(ini);
  options.iptables = read_iptables(ini);
  options.source.ethoib_interfaces = ini.list(kIptables, "ethoib_interfaces", "");
  options.source.discovers = !ini.text("processing", "node_not_found_hook", "").empty();
  const bool deny = ini.boolean(kSection, "deny_unknown_macs", false);
  if (deny && options.source.discovers)
    throw base::ConfigError(
        "Configuration error: [pxe_filter]deny_unknown_macs is enabled and "
        "[processing]node_not_found_hook is enabled. These options cannot both be enabled "
        "simultaneously.");
  options.dnsmasq.deny_unknown_macs = options.iptables.deny_unknown_macs = deny;
  options.dnsmasq.root = options.iptables.root =
      as_root(ini.text("DEFAULT", "rootwrap_config", "/etc/ironic-inspector/rootwrap.conf"));
  return options;
}

}  // namespace inspector
