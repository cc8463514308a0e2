// What hooks leave in Ironic, on a running service with all of them.
#include "tests/e2e/support/standalone_deployment.h"
#include "tests/paths/paths.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

namespace json = boost::json;

const std::string kEveryHook =
    "$default_processing_hooks,accelerators,example,extra_hardware,lldp_basic,"
    "local_link_connection,physnet_cidr_map,raid_device";
const std::string kModule = support::built_path("../examples/asset_tag.so");

class Hooks : public StandaloneDeployment {
 protected:
  Config every_hook() const {
    return config()
        .set("processing", "processing_hooks", kEveryHook)
        .set("processing", "add_ports", "all")
        .set("port_physnet", "cidr_map", "172.22.0.0/16:provisioning")
        .set("capabilities", "boot_mode", "True")
        .set("pci_devices", "alias", R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})");
  }
  /// What the service says that does not start with it.
  std::string refusal(const Config& config) const {
    upgrade_database(config);
    const Ended end = ended({program("ironic-inspector"), "--config-file", write("bad", config)});
    EXPECT_EQ(end.code, 1) << end.output;
    return end.output;
  }
};

TEST_F(Hooks, AllOfThemTogether) {
  start(every_hook());
  begin_machines({.count = 1});
  EXPECT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);
  ASSERT_EQ(api().error(0), "");

  const json::value node = ironic_node(0);
  EXPECT_EQ(node.at("properties").at("capabilities"),
            "boot_mode:uefi,cpu_vt:true,cpu_aes:true,cpu_hugepages:true,cpu_hugepages_1g:true,"
            "cpu_txt:true,t4:1");
  EXPECT_EQ(node.at("properties").at("accelerators").at(0).at("pci_address"), "0000:82:00.0");
  EXPECT_EQ(node.at("extra").at("block_devices").at("serials").as_array().size(), 2U);
  const json::array ports = ironic_ports(0);
  ASSERT_EQ(ports.size(), 2U);
  for (const json::value& port : ports) {
    const bool first = port.at("address").as_string().ends_with(":01");
    const json::value& link = port.at("local_link_connection");
    EXPECT_EQ(link.at("switch_id"), first ? "64:d1:54:7f:00:00" : "64:d1:54:7f:00:01");
    EXPECT_EQ(link.at("port_id"), "Ethernet1/1");
    EXPECT_EQ(port.at("physical_network"), first ? json::value("provisioning") : json::value());
  }
  const json::value data = api().get(Api::of_node(0) + "/data").json();
  const json::value& heard = data.at("all_interfaces").at("eno2").at("lldp_processed");
  EXPECT_EQ(heard.at("switch_system_name"), "leaf-01");
  EXPECT_EQ(heard.at("switch_port_untagged_vlan_id"), 101);
  EXPECT_EQ(heard.at("switch_port_mtu"), 9216);
}

TEST_F(Hooks, AnUnknownOneKeepsTheServiceFromStarting) {
  EXPECT_NE(refusal(config().set("processing", "processing_hooks", "scheduler,lldp"))
                .find("The following hook(s) are missing or failed to load: lldp"),
            std::string::npos);
}

TEST_F(Hooks, OneOfAnotherMakerIsLoaded) {
  start(config()
            .set("processing", "hook_modules", kModule)
            .set("processing", "processing_hooks", "$default_processing_hooks,asset_tag")
            .set("hook:asset_tag", "key", "serial"));
  begin_machines({.count = 1});
  EXPECT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);
  EXPECT_EQ(ironic_node(0).at("extra").at("serial"), "EX7-00000");
  const std::string wrong = support::built_path("../tests/modules/wrong_abi.so");
  EXPECT_NE(refusal(config().set("processing", "hook_modules", wrong))
                .find(wrong + ": inspector_hook_entry has ABI 2, this program wants 1"),
            std::string::npos);
}

TEST_F(Hooks, AnUnknownMachineIsDiscovered) {
  start(every_hook()
            .set("processing", "node_not_found_hook", "enroll")
            .set("discovery", "enroll_node_fields", "owner:discovery"));
  begin_machines({.count = 1});
  EXPECT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);
  json::value report = api().get(Api::of_node(0) + "/data/unprocessed").json();
  json::object& inventory = report.at("inventory").as_object();
  inventory["bmc_address"] = "192.0.2.77";
  inventory.at("interfaces").at(0).as_object()["mac_address"] = "52:54:77:00:00:01";
  inventory.at("interfaces").at(1).as_object()["mac_address"] = "52:54:77:00:00:02";
  report.as_object()["boot_interface"] = "01-52-54-77-00-00-01";

  const Answer answer = api().ask("POST", "/v1/continue", json::serialize(report));
  ASSERT_EQ(answer.status, 200) << answer.text();
  const std::string uuid(answer.json().at("uuid").as_string());
  EXPECT_TRUE(eventually(
      [&] {
        return api().get("/v1/introspection/" + uuid).json().at("state") == json::value("finished");
      },
      kSoon));
  const json::value node = ironic().get("/v1/nodes/" + uuid).json();
  EXPECT_EQ(node.at("driver"), "fake-hardware");
  EXPECT_EQ(node.at("owner"), "discovery");
  EXPECT_EQ(node.at("driver_info").at("ipmi_address"), "192.0.2.77");
  EXPECT_EQ(node.at("properties").at("cpus"), "16");
  EXPECT_EQ(ironic().get("/v1/ports?node=" + uuid).json().at("ports").as_array().size(), 2U);
  EXPECT_EQ(api().get("/v1/introspection/" + uuid + "/data").json().at("auto_discovered"), true);
  report.as_object()["again"] = 1;
  EXPECT_EQ(api().ask("POST", "/v1/continue", json::serialize(report)).text(),
            "400 The following failures happened during running pre-processing hooks:\n"
            "Node not found hook failed: Node " +
                uuid + " was discovered before and still exists");
}

}  // namespace
}  // namespace e2e
