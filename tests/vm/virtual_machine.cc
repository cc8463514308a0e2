#include "tests/vm/virtual_machine.h"

#include "tests/paths/paths.h"
#include "tests/support/free_port.h"

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace e2e {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBridge = "bridge";
constexpr const char* kNetwork = "10.97.0";
constexpr const char* kAddress = "10.97.0.1";

std::string script(const std::string& name) {
  return support::source_path("tests/vm/machine/" + name);
}

/// Where vmlinuz and initrd are; shared by all tests.
std::string boot_files() { return support::built_path("../tests/machine"); }

}  // namespace

VirtualMachine::VirtualMachine(const fs::path& folder, std::string mac)
    : folder_(folder),
      mac_(std::move(mac)),
      port_(support::free_port()),
      bmc_({.arguments = {script("bmc.sh"), folder, kAddress, std::to_string(port_), kBridge, mac_},
            .output = folder.string() + "-bmc.log"}) {
  const auto answers = [this] {
    try {
      return chassis("power status") == "Chassis Power is off\n";
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  if (!eventually(answers, kSoon)) throw std::runtime_error("no BMC: " + bmc_.output());
}

boost::json::object VirtualMachine::driver_info() const {
  return {{"ipmi_address", kAddress},
          {"ipmi_port", port_},
          {"ipmi_username", kUser},
          {"ipmi_password", kPassword}};
}

std::string VirtualMachine::chassis(const std::string& command) const {
  // It has no list of cipher suites to tell, which ipmitool complains of when it has to choose.
  return support::run({"/bin/sh", "-c",
                       std::string("ipmitool -I lanplus -C 3 -H ") + kAddress + " -p " +
                           std::to_string(port_) + " -U " + kUser + " -P " + kPassword +
                           " chassis " + command + " 2>/dev/null"});
}

bool VirtualMachine::is_on() const { return chassis("power status") == "Chassis Power is on\n"; }

std::string VirtualMachine::console() const {
  std::ifstream in(folder_ / "console.log", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void BootServer::make_ramdisk() {
  fs::create_directories(boot_files());
  Process make({.arguments = {script("ramdisk.sh"), boot_files(),
                              support::built_path("../tests/ramdisk_poster")},
                .output = boot_files() + "/ramdisk.log"});
  if (make.wait(std::chrono::minutes(10)) != 0)
    throw std::runtime_error("there is no ramdisk: " + make.output());
}

BootServer::BootServer(const fs::path& hosts, const std::string& url, const fs::path& log)
    : dnsmasq_({.arguments = {script("dhcp.sh"), boot_files(), kBridge, kNetwork, url, hosts},
                .output = log}) {
  if (!dnsmasq_.wait_for_output("TFTP root is", kSoon))
    throw std::runtime_error("dnsmasq does not start: " + dnsmasq_.output());
}

std::size_t BootServer::offers(const std::string& mac) const {
  // `DHCPOFFER(bridge) 10.97.0.134 52:54:...`
  std::size_t found = 0;
  std::istringstream lines(dnsmasq_.output());
  for (std::string line; std::getline(lines, line);)
    if (line.find("DHCPOFFER(") != std::string::npos && line.find(mac) != std::string::npos)
      ++found;
  return found;
}

std::size_t BootServer::refusals(const std::string& mac) const {
  return count("DHCPDISCOVER(" + std::string(kBridge) + ") " + mac + " ignored");
}

std::size_t BootServer::count(const std::string& words) const {
  const std::string log = dnsmasq_.output();
  std::size_t found = 0;
  for (std::size_t at = log.find(words); at != std::string::npos; at = log.find(words, at + 1))
    ++found;
  return found;
}

}  // namespace e2e
