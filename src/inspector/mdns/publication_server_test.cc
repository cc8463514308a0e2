#include "inspector/mdns/publication.h"

#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace inspector {
namespace {

/// A network namespace with one interface, and in it an Avahi daemon on a D-Bus of its own. Whoever
/// is on that wire sees what it publishes.
class Wire {
 public:
  Wire() : namespace_("mdns" + std::to_string(getpid())) {
    in_it({"ip", "link", "set", "lo", "up"});
    in_it({"ip", "link", "add", "wire", "type", "bridge"});
    in_it({"ip", "address", "add", "10.99.0.1/24", "dev", "wire"});
    in_it({"ip", "link", "set", "wire", "up", "multicast", "on"});
    in_it({"ip", "route", "add", "default", "dev", "wire"});
    start_bus();
    start_avahi();
  }
  ~Wire() {
    avahi_.reset();
    bus_.reset();
  }

  void stop_avahi() { avahi_.reset(); }

  /// As the ramdisk does: what zeroconf finds, or an empty text.
  std::string found(int milliseconds) {
    const std::string script =
        "import zeroconf, sys\n"
        "z = zeroconf.Zeroconf()\n"
        "i = z.get_service_info('_openstack._tcp.local.', "
        "'baremetal-introspection._openstack._tcp.local.', timeout=" +
        std::to_string(milliseconds) +
        ")\n"
        "if i: print(i.parsed_addresses(), i.port, i.server, sorted(i.properties.items()))\n"
        "z.close()\n";
    std::ofstream(folder_.path() / "find.py") << script;
    return in_it({"/usr/bin/python3", folder_.path() / "find.py"});
  }

 private:
  std::string in_it(std::vector<std::string> command) {
    command.insert(command.begin(), {"ip", "netns", "exec", namespace_.name});
    return support::run(command);
  }

  void start_bus() {
    const std::string socket = folder_.path() / "bus";
    std::ofstream(folder_.path() / "bus.conf")
        << "<busconfig><type>system</type><listen>unix:path=" << socket
        << "</listen><policy context=\"default\"><allow user=\"*\"/><allow own=\"*\"/>"
           "<allow send_type=\"method_call\"/><allow send_destination=\"*\"/>"
           "<allow receive_sender=\"*\"/></policy></busconfig>";
    bus_ = std::make_unique<support::Process>(
        support::Process::Command{{"dbus-daemon", "--nofork", "--nopidfile",
                                   "--config-file=" + (folder_.path() / "bus.conf").string()},
                                  {},
                                  folder_.path() / "bus.output",
                                  {}});
    setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + socket).c_str(), 1);
    support::eventually([&] { return std::filesystem::exists(socket); });
  }

  void start_avahi() {
    std::ofstream(folder_.path() / "avahi.conf")
        << "[server]\nuse-ipv6=no\nallow-interfaces=wire\ndisallow-other-stacks=no\n"
           "[publish]\ndisable-user-service-publishing=no\n";
    avahi_ = std::make_unique<support::Process>(support::Process::Command{
        {"ip", "netns", "exec", namespace_.name, "avahi-daemon", "--no-drop-root", "--no-chroot",
         "--no-rlimits", "--file", folder_.path() / "avahi.conf"},
        {},
        folder_.path() / "avahi.output",
        {}});
  }

  /// Removed also when the rest cannot be set up.
  struct Namespace {
    explicit Namespace(std::string n) : name(std::move(n)) {
      support::run({"ip", "netns", "add", name});
    }
    ~Namespace() { support::run({"ip", "netns", "del", name}); }
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;
    std::string name;
  };

  Namespace namespace_;
  support::TempFolder folder_;
  std::unique_ptr<support::Process> bus_;
  std::unique_ptr<support::Process> avahi_;
};

const ServiceRecord kRecord = {.host = "api.example",
                               .port = 5050,
                               .addresses = {"192.0.2.7"},
                               .txt = {{"path", "/x"}, {"protocol", "http"}}};

TEST(MdnsPublication, ARamdiskFindsTheApiUntilItIsTakenBack) {
  Wire wire;
  {
    const MdnsPublication publication(base::system_env(), kRecord, {});
    EXPECT_EQ(wire.found(20000),
              "['192.0.2.7'] 5050 api.example. [(b'path', b'/x'), (b'protocol', b'http')]\n");
  }
  EXPECT_EQ(wire.found(1000), "");
}

TEST(MdnsPublication, WithoutADaemonTheReasonIsSaid) {
  Wire wire;
  wire.stop_avahi();
  try {
    const MdnsPublication publication(base::system_env(), kRecord, {.attempts = 1});
    FAIL();
  } catch (const std::runtime_error& e) {
    // "Daemon not running", or that it does not answer while the bus has not noticed its end.
    EXPECT_TRUE(
        std::string(e.what()).starts_with("Cannot register baremetal-introspection service: "))
        << e.what();
  }
}

TEST(MdnsPublication, AnInterfaceThatIsNotThereIsNamed) {
  try {
    const MdnsPublication publication(base::system_env(), kRecord,
                                      {.attempts = 1, .interfaces = {"192.0.2.99"}});
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("192.0.2.99"), std::string::npos);
  }
}

}  // namespace
}  // namespace inspector
