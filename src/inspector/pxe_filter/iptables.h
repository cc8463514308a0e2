#pragma once
#include "inspector/pxe_filter/gate.h"

namespace inspector {

struct IptablesOptions {
  std::string interface = "br-ctlplane";
  std::string chain = "ironic-inspector";
  bool v6 = false;
  bool deny_unknown_macs = false;
  std::vector<std::string> root{};  ///< in front of each command, see as_root()
};

/// A chain of iptables (ip6tables) that the DHCP requests which come in by one interface go
/// through. Its rules are replaced in one step (iptables-restore), however many there are, so there
/// is no moment without them.
std::unique_ptr<Gate> iptables_gate(IptablesOptions options, RunCommand run = run_command);

}  // namespace inspector
