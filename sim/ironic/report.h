#pragma once
#include <cstdint>
#include <string>

namespace sim {

/// What one simulated machine is made of; the same for the same number.
struct Hardware {
  std::string uuid;         ///< of its node in Ironic
  std::string name;         ///< `machine-00042`
  std::string bmc_address;  ///< in 198.18.0.0/15, the range for benchmarks (RFC 2544)
  std::string pxe_mac;
  std::string second_mac;
  unsigned cpus = 0;
  std::uint64_t memory_mb = 0;
  std::uint64_t disk_bytes = 0;
};

Hardware hardware(unsigned number);

/// The report that the ramdisk of this machine posts: JSON as ironic-python-agent writes it, with
/// the default, pci-devices and LLDP collectors.
std::string report_of(const Hardware& machine);

}  // namespace sim
