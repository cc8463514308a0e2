// One machine's way from its start to its end, as an operator sees it.
#include "tests/e2e/support/standalone_deployment.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

using Standalone = StandaloneDeployment;

std::string property(const boost::json::value& node, std::string_view name) {
  const boost::json::value* value = node.at("properties").as_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::string power_of(const boost::json::value& node) {
  const boost::json::value& state = node.at("power_state");
  return state.is_string() ? std::string(state.get_string()) : "null";
}

TEST_F(Standalone, MachinesAreIntrospectedFromStartToFinish) {
  constexpr int kMachines = 6;
  start();
  begin_machines({.count = kMachines});
  for (int i = 0; i < kMachines; ++i)
    EXPECT_EQ(api().start(i).text(), "202 {}");
  ASSERT_TRUE(all_become(api(), kMachines, "finished")) << api().states(kMachines);

  const boost::json::object status = api().status(0);
  EXPECT_EQ(status.at("uuid").as_string(), node_uuid(0));
  EXPECT_TRUE(status.at("error").is_null());
  EXPECT_TRUE(status.at("finished").as_bool());
  EXPECT_LT(status.at("started_at").as_string(), status.at("finished_at").as_string());
  EXPECT_EQ(status.at("links").at(0).at("href").as_string(), api().url() + Api::of_node(0));

  const boost::json::value all = api().get("/v1/introspection").json();
  EXPECT_EQ(all.at("introspection").as_array().size(), 6U);
  const boost::json::value page = api().get("/v1/introspection?limit=2&state=finished").json();
  EXPECT_EQ(page.at("introspection").as_array().size(), 2U);
  EXPECT_EQ(api().get("/v1/introspection?state=waiting").text(), "200 {\"introspection\":[]}");
}

TEST_F(Standalone, WhatARamdiskFoundStandsInIronic) {
  start();
  begin_machines({.count = 2});
  // The second machine has no port yet: it is known by the address of its BMC.
  EXPECT_EQ(ironic_ports(0).size(), 1U);
  EXPECT_EQ(ironic_ports(1).size(), 0U);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(api().start(i).status, 202);
  ASSERT_TRUE(all_become(api(), 2, "finished")) << api().states(2);

  for (int i = 0; i < 2; ++i) {
    const boost::json::value node = ironic_node(i);
    EXPECT_EQ(property(node, "cpus"), std::to_string(16 << i));
    EXPECT_EQ(property(node, "cpu_arch"), "x86_64");
    EXPECT_EQ(property(node, "memory_mb"), std::to_string(65536 << i));
    EXPECT_NE(property(node, "capabilities").find("cpu_vt:true"), std::string::npos);
    EXPECT_EQ(power_of(node), "power off");
    const boost::json::array ports = ironic_ports(i);
    ASSERT_EQ(ports.size(), 1U);  // of the interface that booted: add_ports = pxe
    EXPECT_EQ(ports[0].at("address").as_string(), "52:54:00:00:0" + std::to_string(i) + ":01");
    EXPECT_TRUE(ports[0].at("pxe_enabled").as_bool());
  }
}

TEST_F(Standalone, DataIsKeptAsPostedAndAsProcessed) {
  start();
  begin_machines({.count = 1});
  EXPECT_EQ(api().get(Api::of_node(0) + "/data").text(),
            "404 Introspection data not found for node " + node_uuid(0) + ", processed=True");
  EXPECT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);
  const Answer posted = api().get(Api::of_node(0) + "/data/unprocessed");
  const Answer processed = api().get(Api::of_node(0) + "/data");
  EXPECT_EQ(posted.status, 200);
  EXPECT_EQ(processed.status, 200);
  EXPECT_EQ(posted.json().at("inventory").at("cpu").at("count").to_number<int>(), 16);
  EXPECT_FALSE(posted.json().as_object().contains("macs"));  // a hook's work
  EXPECT_TRUE(processed.json().as_object().contains("macs"));
  EXPECT_EQ(posted.body.substr(0, 15), "{\"inventory\": {");  // as Python's json.dumps()
}

TEST_F(Standalone, ANodeMayBeCalledByItsName) {
  start();
  begin_machines({.count = 2, .boot_time = "3600s"});
  const std::string node = "/v1/introspection/" + node_name(1);
  EXPECT_EQ(api().ask("POST", node).text(), "202 {}");
  ASSERT_TRUE(api().becomes(1, "waiting")) << api().states(2);
  EXPECT_EQ(api().get(node).json().at("uuid").as_string(), node_uuid(1));
  EXPECT_EQ(api().get(node + "/data").text(),
            "404 Introspection data not found for node " + node_uuid(1) + ", processed=True");
  EXPECT_EQ(api().ask("POST", node + "/abort").text(), "202 {}");
  EXPECT_TRUE(api().becomes(1, "error"));
  for (const char* method : {"POST", "GET"})
    EXPECT_EQ(api().ask(method, "/v1/introspection/nobody").text(),
              "404 Node nobody was not found in Ironic");
}

TEST_F(Standalone, AnAbortTurnsTheMachineOffAndSaysWhoWantedIt) {
  start();
  begin_machines({.count = 1, .boot_time = "3600s"});
  EXPECT_EQ(api().abort(0).text(), "404 Could not find node " + node_uuid(0) + " in cache");
  EXPECT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting")) << api().states(1);
  EXPECT_EQ(power_of(ironic_node(0)), "power on");
  EXPECT_EQ(api().abort(0).text(), "202 {}");
  ASSERT_TRUE(api().becomes(0, "error"));
  EXPECT_EQ(api().error(0), "Canceled by operator");
  EXPECT_EQ(power_of(ironic_node(0)), "power off");
  EXPECT_EQ(api().start(0).text(), "202 {}");  // and may be tried again
  EXPECT_TRUE(api().becomes(0, "waiting"));
}

TEST_F(Standalone, StoredDataIsAppliedAgain) {
  start();
  begin_machines({.count = 1});
  const std::string data = Api::of_node(0) + "/data/unprocessed";
  EXPECT_EQ(api().ask("POST", data).text(),
            "404 Introspection data not found for node " + node_uuid(0) + ", processed=False");
  EXPECT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);

  const std::string patch = R"([{"op":"remove","path":"/properties/cpus"}])";
  EXPECT_EQ(
      ironic()
          .ask("PATCH", "/v1/nodes/" + node_uuid(0), patch,
               {{"X-OpenStack-Ironic-API-Version", "1.76"}, {"Content-Type", "application/json"}})
          .status,
      200);
  EXPECT_EQ(property(ironic_node(0), "cpus"), "");
  EXPECT_EQ(api().ask("POST", data).text(), "202 {}");
  EXPECT_TRUE(eventually([&] { return property(ironic_node(0), "cpus") == "16"; }));
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);

  // Data that is sent along takes the place of what was stored.
  boost::json::value edited = api().get(data).json();
  edited.at("inventory").at("cpu").at("count") = 99;
  EXPECT_EQ(api().ask("POST", data, boost::json::serialize(edited)).text(), "202 {}");
  EXPECT_TRUE(eventually([&] { return property(ironic_node(0), "cpus") == "99"; }));
  ASSERT_TRUE(api().becomes(0, "finished")) << api().states(1);
  EXPECT_EQ(api().get(data).json().at("inventory").at("cpu").at("count").to_number<int>(), 99);
}

TEST_F(Standalone, ManagedBootCanBeLeftToTheOperator) {
  start();
  begin_machines({.count = 1, .boot_time = "3600s"});
  EXPECT_EQ(api().ask("POST", Api::of_node(0) + "?manage_boot=perhaps").text(),
            "400 Invalid boolean value for manage_boot: perhaps");
  EXPECT_EQ(api().ask("POST", Api::of_node(0) + "?manage_boot=False").text(), "202 {}");
  EXPECT_EQ(api().state(0), "waiting");
  EXPECT_NE(power_of(ironic_node(0)), "power on");
}

}  // namespace
}  // namespace e2e
