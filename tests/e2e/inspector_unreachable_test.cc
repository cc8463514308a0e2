// What each endpoint answers while Ironic, the database or etcd cannot be reached.
#include "tests/e2e/support/cluster_deployment.h"
#include "tests/e2e/support/standalone_deployment.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

using WithoutIronic = StandaloneDeployment;
using Unreachable = ClusterDeployment;

struct Case {
  const char* method;
  std::string target;
  std::string expected;
};

/// What the ramdisk of the first machine found.
constexpr const char* kReport =
    R"({"inventory": {"bmc_address": "198.18.0.0", "cpu": {"count": 1, "architecture": "x"},)"
    R"("memory": {"physical_mb": 1}, "disks": [{"name": "/dev/sda", "size": 107374182400}],)"
    R"("interfaces": [{"name": "eno1", "mac_address": "52:54:00:00:00:01",)"
    R"("ipv4_address": "172.22.0.2", "has_carrier": true}]},)"
    R"("boot_interface": "01-52-54-00-00-00-01"})";

Answer post_report(const Api& api) { return api.ask("POST", "/v1/continue", kReport); }

void expect_all(const Api& api, const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    const Answer answer = api.ask(each.method, each.target);
    EXPECT_EQ(answer.text(), each.expected) << each.method << " " << each.target;
    EXPECT_LT(answer.took, seconds(20)) << each.method << " " << each.target;
    EXPECT_EQ(http::find_header(answer.headers, "Retry-After").has_value(), answer.status == 503)
        << each.target;
  }
}

TEST_F(WithoutIronic, OnlyWhatNeedsItIsRefused) {
  start(config().set("ironic", "connect_retries", "0"));
  begin_machines({.count = 2, .boot_time = "3600s"});
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  stop_ironic();

  const std::string port = ironic().url().substr(ironic().url().rfind(':') + 1);
  const auto no_answer = [&](const std::string& asked) {
    const std::string path = "/v1/nodes/" + asked;
    return "503 Cannot get node " + asked.substr(0, asked.find('?')) + ": GET " +
           path.substr(0, path.find('?')) + ": no answer from Ironic: GET " + ironic().url() +
           path.substr(0, path.find('?')) + ": Failed to connect to 127.0.0.1 port " + port +
           " after 0 ms: Couldn't connect to server: the request was not sent";
  };
  const std::string by_uuid = Api::of_node(0);
  const std::string by_name = "/v1/introspection/" + node_name(0);
  const std::string status = "200 " + api().get(by_uuid).text().substr(4);
  expect_all(api(),
             {
                 {"GET", by_uuid, status},
                 {"GET", by_name, no_answer(node_name(0) + "?fields=uuid")},
                 {"GET", by_name + "/data", no_answer(node_name(0) + "?fields=uuid")},
                 {"POST", by_name, no_answer(node_name(0))},
                 {"POST", by_name + "/abort", no_answer(node_name(0))},
                 {"POST", Api::of_node(1), no_answer(node_uuid(1))},
                 {"GET", by_uuid + "/data",
                  "404 Introspection data not found for node " + node_uuid(0) + ", processed=True"},
             });
  EXPECT_EQ(api().state(0), "waiting");
  // Its report finds nobody who could say what the node is now: it is to come again.
  EXPECT_EQ(post_report(api()).text(), no_answer(node_uuid(0)));
  EXPECT_EQ(api().state(0), "processing");
  begin_machines({.count = 2, .boot_time = "3600s"});
  EXPECT_EQ(post_report(api()).text(), "200 {\"uuid\":\"" + node_uuid(0) + "\"}");
  EXPECT_TRUE(api().becomes(0, "finished")) << api().error(0);
}

TEST_F(Unreachable, TheDatabase) {
  start_ironic({.count = 1, .boot_time = "3600s"}, reserve_api());
  const Member one = conductor("c1");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  postgresql().stop();
  const std::string node = Api::of_node(0);
  const std::string read = "503 The database is not available, try again later";
  const std::string done = "503 The database does not answer, please, retry later";
  expect_all(api(), {{"GET", "/v1/introspection", read},
                     {"GET", node, read},
                     {"GET", node + "/data", read},
                     {"GET", node + "/data/unprocessed", read},
                     {"POST", node, done},
                     {"POST", node + "/abort", done},
                     {"POST", node + "/data/unprocessed", done}});
  EXPECT_EQ(post_report(api()).text(), done);
  EXPECT_EQ(api().get("/").status, 200);
  postgresql().start();
  EXPECT_TRUE(eventually([&] { return api().state(0) == "waiting"; }));
  EXPECT_TRUE(eventually([&] { return post_report(api()).status == 200; }));
  EXPECT_TRUE(api().becomes(0, "finished"));
}

TEST_F(Unreachable, Etcd) {
  start_ironic({.count = 1, .boot_time = "3600s"}, reserve_api());
  const Member one = conductor("c1");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  etcd().kill();
  const std::string node = Api::of_node(0);
  const std::string locks = "503 The coordination backend does not answer, please, retry later";
  const std::string status = "200 " + api().get(node).text().substr(4);
  expect_all(api(),
             {{"GET", node, status},
              {"GET", node + "/data",
               "404 Introspection data not found for node " + node_uuid(0) + ", processed=True"},
              {"POST", node, locks},
              {"POST", node + "/abort", locks}});
  etcd().start();
  EXPECT_TRUE(eventually([&] { return api().abort(0).status == 202; }));
  EXPECT_TRUE(api().becomes(0, "error"));
}

TEST_F(Unreachable, EtcdAndTheDatabase) {
  start_ironic({.count = 2, .boot_time = "3600s"}, reserve_api());
  const Member one = conductor("c1"), two = conductor("c2");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  ASSERT_EQ(api().start(0).status, 202);
  ASSERT_TRUE(api().becomes(0, "waiting"));
  const std::string node = Api::of_node(0);
  etcd().kill();
  EXPECT_EQ(api().state(0), "waiting");
  postgresql().kill();
  const std::string read = "503 The database is not available, try again later";
  expect_all(api(), {{"GET", "/v1/introspection", read}, {"GET", node, read}});
  for (const auto& [method, target] :
       {std::pair("POST", node), std::pair("POST", node + "/abort"),
        std::pair("POST", node + "/data/unprocessed"), std::pair("POST", Api::of_node(1))}) {
    const Answer answer = api().ask(method, target);
    EXPECT_EQ(answer.status, 503) << target << " " << answer.text();
    EXPECT_TRUE(http::find_header(answer.headers, "Retry-After")) << target;
    EXPECT_LT(answer.took, seconds(20)) << target;
  }
  EXPECT_EQ(post_report(api()).status, 503);
  EXPECT_EQ(api().get("/").status, 200);
  // The leases are over when it comes back, and only reads can go on.
  EXPECT_FALSE(eventually([] { return false; }, 2 * lease_));
  postgresql().start();
  EXPECT_TRUE(eventually([&] { return api().state(0) == "waiting"; }));
  EXPECT_EQ(api().start(1).status, 503);
  EXPECT_EQ(post_report(api()).status, 503);
  etcd().start();
  EXPECT_TRUE(members_become("c1 c2"));
  EXPECT_TRUE(eventually([&] { return api().start(1).status == 202; }));
  EXPECT_TRUE(eventually([&] { return post_report(api()).status == 200; }));
  EXPECT_TRUE(api().becomes(0, "finished"));
  EXPECT_TRUE(api().becomes(1, "waiting"));
}

}  // namespace
}  // namespace e2e
