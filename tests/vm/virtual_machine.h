#pragma once
#include "tests/e2e/support/deployment.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace e2e {

/// A machine of QEMU on support::Lan's bridge, without KVM, and its BMC, which is reached there by
/// IPMI over LAN. Off at first. For one thread, which stands at the bridge.
class VirtualMachine {
 public:
  static constexpr const char* kUser = "admin";
  static constexpr const char* kPassword = "secret";
  /// What it has: 2 processors of x86_64 and these.
  static constexpr int kMemoryMb = 512;
  static constexpr int kDiskGb = 10;

  /// @param folder for its files. Throws std::runtime_error when its BMC does not answer.
  VirtualMachine(const std::filesystem::path& folder, std::string mac);

  const std::string& mac() const noexcept { return mac_; }
  /// Ironic's driver_info for the driver `ipmi`.
  boost::json::object driver_info() const;
  /// `power on`, `power status`, ...: what the BMC says, without a way around it. Throws
  /// std::runtime_error when it refuses.
  std::string chassis(const std::string& command) const;
  bool is_on() const;
  /// All that its serial console has shown since it was made.
  std::string console() const;

 private:
  const std::filesystem::path folder_;
  const std::string mac_;
  const std::uint16_t port_;
  Process bmc_;
};

/// DHCP and TFTP on the bridge: dnsmasq, which answers whom a folder of hosts permits, and iPXE's
/// script, kernel and ramdisk. Stopped with the object.
class BootServer {
 public:
  /// Makes what machines boot. Needs Debian's archive, which nobody reaches from the bridge, unless
  /// it has been made before.
  static void make_ramdisk();

  /// @param url to which ramdisks report
  BootServer(const std::filesystem::path& hosts, const std::string& url,
             const std::filesystem::path& log);

  /// How often its log says that it has answered, or ignored, this machine's request to boot.
  std::size_t offers(const std::string& mac) const;
  std::size_t refusals(const std::string& mac) const;

 private:
  std::size_t count(const std::string& words) const;

  Process dnsmasq_;
};

}  // namespace e2e
