#pragma once
#include "inspector/pxe_filter/gate.h"

#include <filesystem>

namespace inspector {

struct DnsmasqOptions {
  std::filesystem::path hosts_dir = "/var/lib/ironic-inspector/dhcp-hostsdir";
  bool purge = true;
  std::string start_command;  ///< of a shell; empty: none
  std::string stop_command;
  bool deny_unknown_macs = false;
  std::vector<std::string> root{};  ///< in front of both commands, see as_root()
};

/// One file per MAC address in dnsmasq's dhcp-hostsdir, which it re-reads when one is written and
/// not when one is removed: so no file is ever removed while dnsmasq runs. The folder is made when
/// it is missing and the one that it is to lie in is there.
std::unique_ptr<Gate> dnsmasq_gate(DnsmasqOptions options, RunCommand run = run_command);

}  // namespace inspector
