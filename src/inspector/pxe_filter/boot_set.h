#pragma once
#include <set>
#include <string>

namespace inspector {

/// What a PXE filter follows. MAC addresses in lower case.
struct BootSet {
  std::set<std::string> known;   ///< of Ironic's ports
  std::set<std::string> active;  ///< of nodes that are being introspected
  /// Somebody may have to boot: a node is being introspected, or unknown machines are to be
  /// discovered.
  bool boots_expected = false;

  bool operator==(const BootSet&) const = default;
};

}  // namespace inspector
