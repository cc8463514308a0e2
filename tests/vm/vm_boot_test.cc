// Machines that really boot, switched by the real Ironic through their BMCs, reporting to us what
// their kernel found. `./test --vm`; each takes a minute or so.
#include "tests/e2e/ironic/site.h"
#include "tests/e2e/support/standalone_deployment.h"
#include "tests/support/lan.h"
#include "tests/vm/virtual_machine.h"

#include <boost/json.hpp>
#include <iostream>
#include <optional>

namespace e2e {
namespace {

namespace json = boost::json;

constexpr const char* kMachine = "52:54:00:aa:bb:01";
/// A boot without KVM on a machine that is busy.
constexpr std::chrono::minutes kBoot{5};

/// Comes before all that opens a port or starts a program.
struct AtTheBridge {
  support::Lan lan{0};
  support::Lan::Visit visit{lan};
};

class Booting : private AtTheBridge, public StandaloneDeployment {
 protected:
  static void SetUpTestSuite() { BootServer::make_ramdisk(); }

  void begin(Config config) {
    const std::filesystem::path hosts = folder_.path() / "hosts";
    std::filesystem::create_directories(hosts);
    start(config.set("DEFAULT", "listen_address", "0.0.0.0")
              .set("ironic", "endpoint_override", site_.url())
              .set("pxe_filter", "driver", "dnsmasq")
              .set("dnsmasq_pxe_filter", "dhcp_hostsdir", hosts));
    site_.start({.inspector_url = api().url(), .bmcs = true});
    boot_server_.emplace(hosts, "http://10.97.0.1:" + std::to_string(port()) + "/v1/continue",
                         folder_.path() / "dnsmasq.log");
    std::filesystem::create_directories(folder_.path() / "machine");
    machine_.emplace(folder_.path() / "machine", kMachine);
  }
  void TearDown() override {
    StandaloneDeployment::TearDown();
    if (!HasFailure()) return;
    std::cout << "--- Ironic\n" << site_.output();
    if (machine_) std::cout << "--- console\n" << machine_->console();
  }

  /// A node of the machine with its port, managed through its BMC. Returns its UUID.
  std::string enrolled(const IronicOperator& ironic) const {
    const std::string uuid = ironic.enroll(machine_->driver_info(),
                                           {{"driver", "ipmi"}, {"management_interface", "noop"}});
    const json::object port{{"address", kMachine}, {"node_uuid", uuid}};
    EXPECT_EQ(ironic.ask("POST", "/v1/ports", port).status, 201);
    ironic.manage(uuid);
    return uuid;
  }
  static void power_on(const IronicOperator& ironic, const std::string& uuid) {
    const Answer answer = ironic.ask("PUT", "/v1/nodes/" + uuid + "/states/power",
                                     json::object{{"target", "power on"}});
    EXPECT_EQ(answer.status, 202) << answer.body;
  }
  static bool becomes_manageable(const IronicOperator& ironic, const std::string& uuid) {
    std::string state;
    eventually(
        [&] {
          state = ironic.text(uuid, "provision_state");
          return state == "manageable" || state == "inspect failed";
        },
        kBoot);
    return state == "manageable";
  }
  /// What the kernel of a machine like ours finds.
  static void expect_properties(const IronicOperator& ironic, const std::string& uuid) {
    EXPECT_EQ(ironic.property(uuid, "cpus"), "2");
    EXPECT_EQ(ironic.property(uuid, "cpu_arch"), "x86_64");
    EXPECT_EQ(ironic.property(uuid, "memory_mb"), std::to_string(VirtualMachine::kMemoryMb));
    EXPECT_EQ(ironic.property(uuid, "local_gb"), std::to_string(VirtualMachine::kDiskGb - 1));
    const json::array ports = ironic.ports(uuid);
    ASSERT_EQ(ports.size(), 1U);
    EXPECT_EQ(ports[0].at("address").as_string(), kMachine);
    EXPECT_TRUE(ports[0].at("pxe_enabled").as_bool());
  }

  IronicSite site_;
  std::optional<BootServer> boot_server_;
  std::optional<VirtualMachine> machine_;
};

TEST_F(Booting, AMachineIsSwitchedOnBootsReportsAndIsSwitchedOff) {
  begin(config());
  const IronicOperator ironic = site_.people();
  const std::string uuid = enrolled(ironic);
  const auto begun = now();
  ironic.inspect(uuid);
  ASSERT_TRUE(becomes_manageable(ironic, uuid)) << ironic.text(uuid, "last_error");
  note("from `inspect` to `manageable`", since(begun));
  expect_properties(ironic, uuid);
  EXPECT_TRUE(ironic.powered(uuid, "power off"));
  EXPECT_FALSE(machine_->is_on());
  EXPECT_NE(machine_->console().find("report: 200 {\"uuid\":\"" + uuid), std::string::npos);
  const json::object inventory =
      api().get("/v1/introspection/" + uuid + "/data").json().at("inventory").as_object();
  EXPECT_EQ(inventory.at("system_vendor").at("manufacturer").as_string(), "QEMU");
  EXPECT_EQ(inventory.at("boot").at("current_boot_mode").as_string(), "bios");
  EXPECT_EQ(inventory.at("disks").at(0).at("name").as_string(), "/dev/vda");
}

TEST_F(Booting, OnlyAMachineUnderInspectionGetsAnAddress) {
  begin(config());
  const IronicOperator ironic = site_.people();
  const std::string uuid = enrolled(ironic);
  power_on(ironic, uuid);
  ASSERT_TRUE(eventually([&] { return boot_server_->refusals(kMachine) > 0; }, kBoot));
  EXPECT_TRUE(ironic.powered(uuid, "power on"));
  EXPECT_EQ(boot_server_->offers(kMachine), 0U);
  // Its inspection switches it off and on again.
  ironic.inspect(uuid);
  ASSERT_TRUE(becomes_manageable(ironic, uuid)) << ironic.text(uuid, "last_error");
  EXPECT_TRUE(ironic.powered(uuid, "power off"));
  const std::size_t offers = boot_server_->offers(kMachine);
  const std::size_t refusals = boot_server_->refusals(kMachine);
  EXPECT_GT(offers, 0U);
  power_on(ironic, uuid);
  ASSERT_TRUE(eventually([&] { return boot_server_->refusals(kMachine) > refusals; }, kBoot));
  EXPECT_EQ(boot_server_->offers(kMachine), offers);
}

TEST_F(Booting, AMachineThatNobodyKnewIsEnrolled) {
  begin(config()
            .set("processing", "node_not_found_hook", "enroll")
            .set("discovery", "enroll_node_driver", "ipmi")
            .set("discovery", "enroll_node_fields", "management_interface:noop"));
  const IronicOperator ironic = site_.people();
  machine_->chassis("power on");
  json::array nodes;
  ASSERT_TRUE(eventually(
      [&] {
        nodes = ironic.ask("GET", "/v1/nodes").json().at("nodes").as_array();
        return !nodes.empty();
      },
      kBoot));
  const std::string uuid(nodes[0].at("uuid").as_string());
  ASSERT_TRUE(eventually(
      [&] { return machine_->console().find("report: 200") != std::string::npos; }, kSoon));
  EXPECT_EQ(ironic.node(uuid).at("driver").as_string(), "ipmi");
  EXPECT_EQ(ironic.text(uuid, "provision_state"), "enroll");
  expect_properties(ironic, uuid);
}

}  // namespace
}  // namespace e2e
