#include "base/ini.h"
#include "http/testing/test_server.h"
#include "inspector/config/processing.h"
#include "inspector/ironic/http_client.h"
#include "inspector/ironic/testing/awake_env.h"
#include "inspector/node/view.h"
#include "inspector/processing/apply.h"
#include "inspector/processing/pipeline.h"
#include "inspector/processing/testing/report.h"
#include "sim/ironic/service.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

/// The simulated Ironic behind HTTP, with one node, and a client of it.
class SimulatedIronic {
 public:
  explicit SimulatedIronic(const sim::Trouble& trouble)
      : machines_(base::system_env(), nobody_, {},
                  [](const std::string&) { return std::string(); }),
        service_(base::system_env(), model_, machines_, trouble, nullptr),
        server_([this](const http::Request& request, std::stop_token stop) {
          return service_.handle(request, std::move(stop)).value_or(http::dropped());
        }) {
    uuid = std::string(
        model_.create_node({{"driver", "ipmi"}, {"name", "n1"}}).at("uuid").get_string());
    IronicOptions options;
    options.endpoint.override_url = server_.url() + "/v1";
    options.attempts = options.connect_attempts = 100;
    client = ironic::http_client(awake_, options);
  }

  std::string uuid;
  std::unique_ptr<ironic::Client> client;

 private:
  testing::AwakeEnv awake_;
  sim::IronicModel model_{base::system_env(), {}};
  http::Client nobody_{base::system_env(), {}};
  sim::Machines machines_;
  sim::IronicService service_;
  http::testing::TestServer server_;
};

void introspect(SimulatedIronic& ironic) {
  ProcessingOptions options = read_processing(base::Ini());
  options.add_ports = ProcessingOptions::AddPorts::kAll;
  options.keep_ports = ProcessingOptions::KeepPorts::kPresent;
  const Pipeline pipeline(options);
  json::object report = testing::report();
  ASSERT_TRUE(pipeline.before_processing(report).empty());
  NodeChanges changes;
  pipeline.before_update(report, NodeView(ironic.uuid, *ironic.client, {}, changes), changes);
  apply(changes, ironic.uuid, *ironic.client, {});
}

void expect_introspected(SimulatedIronic& ironic) {
  const auto node = ironic.client->get_node("n1", {});
  EXPECT_EQ(json::serialize(node.at("properties")),
            R"({"local_gb":"893","cpus":"56","cpu_arch":"x86_64","memory_mb":"262144",)"
            R"("capabilities":"cpu_vt:true,cpu_aes:true,cpu_hugepages:true,)"
            R"(cpu_hugepages_1g:true,cpu_txt:true"})");
  std::vector<std::string> ports;
  for (const auto& port : ironic.client->ports_of(ironic.uuid, {}))
    ports.push_back(std::string(port.at("address").get_string()) +
                    (port.at("pxe_enabled").get_bool() ? " pxe" : ""));
  std::ranges::sort(ports);
  EXPECT_EQ(ports, (std::vector<std::string>{"52:54:00:8a:10:01 pxe", "52:54:00:8a:10:02"}));
}

TEST(SimulatedIronic, AReportBecomesTheNodeAndItsPorts) {
  SimulatedIronic ironic({});
  ironic.client->create_port(
      {{"node_uuid", ironic.uuid}, {"address", "52:54:00:ff:ff:ff"}, {"pxe_enabled", true}}, {});
  introspect(ironic);
  expect_introspected(ironic);
  introspect(ironic);
  expect_introspected(ironic);
}

TEST(SimulatedIronic, TroubleThatPassesChangesNothingInTheResult) {
  SimulatedIronic ironic({.conflict = 0.3, .busy = 0.2, .drop = 0.2});
  introspect(ironic);
  expect_introspected(ironic);
}

}  // namespace
}  // namespace inspector
