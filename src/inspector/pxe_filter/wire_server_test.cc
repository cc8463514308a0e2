// The filters as a machine sees them: a real DHCP client on one end of a cable, a real dnsmasq
// behind a filter on the other.
#include "inspector/pxe_filter/dnsmasq.h"
#include "inspector/pxe_filter/iptables.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace inspector {
namespace {

const std::string kActive = "02:00:00:00:00:0a";
const std::string kIdle = "02:00:00:00:00:0b";
const std::string kUnknown = "02:00:00:00:00:0c";

using Words = std::vector<std::string>;

class Namespace {
 public:
  explicit Namespace(const std::string& name) : name_(name + std::to_string(getpid())) {
    support::run({"ip", "netns", "add", name_});
  }
  ~Namespace() { support::run({"ip", "netns", "del", name_}); }
  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  const std::string& name() const noexcept { return name_; }
  Words prefix() const { return {"ip", "netns", "exec", name_}; }
  Words in_it(Words command) const {
    Words all = prefix();
    all.insert(all.end(), command.begin(), command.end());
    return all;
  }

 private:
  std::string name_;
};

class Wire : public testing::Test {
 protected:
  Wire() {
    support::run({"ip", "-n", server_.name(), "link", "add", "gate0", "type", "veth", "peer",
                  "name", "nic0", "netns", machine_.name()});
    support::run({"ip", "-n", server_.name(), "address", "add", "10.98.0.1/24", "dev", "gate0"});
    support::run(
        {"ip", "-n", server_.name(), "address", "add", "fd00:98::1/64", "dev", "gate0", "nodad"});
    for (const auto& [space, device] :
         {std::pair(&server_, "gate0"), std::pair(&machine_, "nic0"), std::pair(&server_, "lo")})
      support::run({"ip", "-n", space->name(), "link", "set", device, "up"});
  }

  std::string dnsmasq_command(const std::string& more = "") const {
    return "dnsmasq --conf-file=/dev/null --port=0 --interface=gate0 --bind-interfaces "
           "--dhcp-range=10.98.0.10,10.98.0.90,2m --no-ping --user=root --leasefile-ro "
           "--pid-file=" +
           (folder_.path() / "dnsmasq.pid").string() + " " + more;
  }
  std::string dnsmasq_end() const {
    return "kill $(cat " + (folder_.path() / "dnsmasq.pid").string() + ")";
  }

  void plug_in(const std::string& mac) const {
    support::run({"ip", "-n", machine_.name(), "link", "set", "nic0", "address", mac});
  }
  /// Whether a machine with this address gets an answer from the DHCP server.
  bool boots(const std::string& mac) const {
    plug_in(mac);
    return run_command(machine_.in_it({"busybox", "udhcpc", "-i", "nic0", "-n", "-q", "-f", "-t",
                                       "3", "-T", "1", "-s", "/bin/true"}),
                       {})
               .code == 0;
  }

  Namespace server_{"pxeserver"};
  Namespace machine_{"pxemachine"};
  support::TempFolder folder_;
};

class IptablesOnTheWire : public Wire {
 protected:
  IptablesOnTheWire() { run_command(server_.in_it({"sh", "-c", dnsmasq_command()}), {}); }
  ~IptablesOnTheWire() override { run_command({"sh", "-c", dnsmasq_end()}, {}); }

  std::unique_ptr<Gate> gate(bool deny_unknown) const {
    return iptables_gate(
        {.interface = "gate0", .deny_unknown_macs = deny_unknown, .root = server_.prefix()});
  }
};

TEST_F(IptablesOnTheWire, OnlyWhoMayBootGetsAnAnswer) {
  ASSERT_TRUE(boots(kIdle)) << "without a filter everybody does";
  const auto it = gate(false);
  it->prepare();
  EXPECT_FALSE(boots(kActive)) << "nothing is known yet";
  it->apply({.known = {kActive, kIdle}, .active = {kActive}, .boots_expected = true});
  EXPECT_TRUE(boots(kActive));
  EXPECT_FALSE(boots(kIdle));
  EXPECT_TRUE(boots(kUnknown));
  it->apply({.known = {kActive, kIdle}, .active = {}, .boots_expected = false});
  EXPECT_FALSE(boots(kActive));
  it->end();
  EXPECT_TRUE(boots(kIdle)) << "the firewall is as it was";
}

TEST_F(IptablesOnTheWire, UnknownMachinesAreDeniedWhenAskedFor) {
  const auto it = gate(true);
  it->prepare();
  it->apply({.known = {kActive, kIdle}, .active = {kActive}, .boots_expected = true});
  EXPECT_TRUE(boots(kActive));
  EXPECT_FALSE(boots(kUnknown));
  it->end();
}

class DnsmasqOnTheWire : public Wire {
 protected:
  DnsmasqOnTheWire() {
    std::filesystem::create_directory(hosts());
    gate_ = dnsmasq_gate({.hosts_dir = hosts(),
                          .start_command = dnsmasq_command("--dhcp-hostsdir=" + hosts().string()),
                          .stop_command = dnsmasq_end(),
                          .root = server_.prefix()});
    gate_->prepare();
  }
  ~DnsmasqOnTheWire() override { gate_->end(); }
  std::filesystem::path hosts() const { return folder_.path() / "hosts"; }

  std::unique_ptr<Gate> gate_;
};

/// dnsmasq reads a file when the kernel tells it of the change: the answer may come a moment late.
TEST_F(DnsmasqOnTheWire, OnlyWhoMayBootGetsAnAnswerFromItsBeginningOn) {
  gate_->begin();
  EXPECT_FALSE(boots(kActive)) << "nothing is known yet";
  gate_->apply({.known = {kActive, kIdle}, .active = {kActive}, .boots_expected = true});
  EXPECT_TRUE(support::eventually([this] { return boots(kActive); }));
  EXPECT_FALSE(boots(kIdle));
  EXPECT_TRUE(support::eventually([this] { return boots(kUnknown); }));
  gate_->apply({.known = {kActive, kIdle}, .active = {kIdle}, .boots_expected = true});
  EXPECT_TRUE(support::eventually([this] { return boots(kIdle); }));
  EXPECT_TRUE(support::eventually([this] { return !boots(kActive); }));
  gate_->apply({.known = {kActive, kIdle}, .active = {}, .boots_expected = false});
  EXPECT_TRUE(support::eventually([this] { return !boots(kIdle) && !boots(kUnknown); }));
}

class Ip6tablesOnTheWire : public Wire {
 protected:
  /// What stands for a DHCPv6 server: it answers each packet to its port.
  support::Process server_process_{support::Process::Command{
      server_.in_it({"/usr/bin/python3", "-c",
                     "import socket\n"
                     "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
                     "s.bind(('::', 547))\n"
                     "while True:\n"
                     "    text, whence = s.recvfrom(100)\n"
                     "    s.sendto(text, whence)\n"}),
      {},
      {},
      {}}};

  bool answered(const std::string& mac) const {
    plug_in(mac);
    return run_command(
               machine_.in_it(
                   {"sh", "-c",
                    "ip address replace fd00:98::2/64 dev nic0 nodad; exec /usr/bin/python3 -c '"
                    "import socket\n"
                    "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)\n"
                    "s.settimeout(0.7)\n"
                    "for left in (2, 1, 0):\n"
                    "    s.sendto(b\"x\", (\"fd00:98::1\", 547))\n"
                    "    try:\n"
                    "        s.recv(9)\n"
                    "        break\n"
                    "    except OSError:\n"
                    "        if left == 0: raise\n'"}),
               {})
               .code == 0;
  }
};

TEST_F(Ip6tablesOnTheWire, OnlyWhoMayBootReachesTheServer) {
  ASSERT_TRUE(support::eventually([this] { return answered(kIdle); }));
  const auto it = iptables_gate({.interface = "gate0", .v6 = true, .root = server_.prefix()});
  it->prepare();
  EXPECT_FALSE(answered(kActive));
  it->apply({.known = {kActive, kIdle}, .active = {kActive}, .boots_expected = true});
  EXPECT_TRUE(answered(kActive));
  EXPECT_FALSE(answered(kIdle));
  it->end();
  EXPECT_TRUE(answered(kIdle));
}

}  // namespace
}  // namespace inspector
