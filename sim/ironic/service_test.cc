#include "sim/ironic/service.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace sim {
namespace {

namespace json = boost::json;

class IronicSim : public testing::Test {
 protected:
  http::Response ask(const std::string& method, const std::string& target,
                     const std::string& body = "") {
    return *service_.handle({.method = method, .target = target, .body = body}, {});
  }
  static json::value body_of(const http::Response& r) { return json::parse(r.body); }

  base::Env& env_ = base::system_env();
  IronicModel model_{env_, {}};
  http::Client client_{env_, {}};
  Machines machines_{env_, client_, {}, [](const std::string&) { return ""; }};
  IronicService service_{env_, model_, machines_, {}, nullptr};
};

TEST_F(IronicSim, NodesAreFoundByUuidAndByName) {
  const auto created = body_of(ask("POST", "/v1/nodes", R"({"name":"n1","driver":"ipmi"})"));
  const std::string uuid(created.at("uuid").as_string());
  EXPECT_EQ(body_of(ask("GET", "/v1/nodes/" + uuid)), created);
  EXPECT_EQ(body_of(ask("GET", "/v1/nodes/n1?fields=uuid")), (json::value{{"uuid", uuid}}));
  EXPECT_EQ(ask("GET", "/v1/nodes/n2").status, 404);
  EXPECT_EQ(ask("POST", "/v1/nodes", R"({"name":"n1"})").status, 409);
}

TEST_F(IronicSim, ListsComeInPagesThatLeadToAll) {
  for (int i = 0; i < 5; ++i)
    ask("POST", "/v1/nodes", "{}");
  std::set<std::string> seen;
  std::string next = "/v1/nodes?fields=uuid&limit=2";
  int pages = 0;
  while (!next.empty()) {
    const auto page = body_of(ask("GET", next));
    for (const auto& node : page.at("nodes").as_array())
      seen.insert(std::string(node.at("uuid").as_string()));
    const auto* more = page.as_object().if_contains("next");
    next = more != nullptr ? std::string(more->as_string()).substr(16) : "";  // http://localhost
    ++pages;
  }
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_EQ(pages, 3);
}

TEST_F(IronicSim, PatchesApplyWholeOrNotAtAll) {
  ask("POST", "/v1/nodes", R"({"name":"n"})");
  EXPECT_EQ(
      ask("PATCH", "/v1/nodes/n",
          R"([{"op":"add","path":"/properties/cpus","value":"4"},{"op":"remove","path":"/extra/x"}])")
          .status,
      400);
  EXPECT_EQ(model_.node("n").at("properties"), json::object());
  EXPECT_EQ(
      ask("PATCH", "/v1/nodes/n", R"([{"op":"add","path":"/properties/cpus","value":"4"}])").status,
      200);
  EXPECT_EQ(model_.node("n").at("properties"), (json::object{{"cpus", "4"}}));
}

TEST_F(IronicSim, APortAddressExistsOnce) {
  const auto node = body_of(ask("POST", "/v1/nodes", R"({"name":"n"})"));
  const std::string port = json::serialize(
      json::value{{"node_uuid", node.at("uuid")}, {"address", "52:54:00:00:00:01"}});
  EXPECT_EQ(ask("POST", "/v1/ports", port).status, 201);
  EXPECT_EQ(ask("POST", "/v1/ports", port).status, 409);
  EXPECT_EQ(body_of(ask("GET", "/v1/ports/detail?node=n")).at("ports").as_array().size(), 1U);
  EXPECT_EQ(
      body_of(ask("GET", "/v1/ports?address=52:54:00:00:00:02")).at("ports").as_array().size(), 0U);
}

TEST_F(IronicSim, APowerActionLocksItsNode) {
  IronicModel slow(env_, std::chrono::hours(1));
  slow.create_node({{"name", "n"}});
  slow.set_power("n", "power on");
  EXPECT_THROW(slow.patch_node("n", json::array()), Refused);
}

TEST_F(IronicSim, OnlyAMachineToldToBootByPxeBoots) {
  model_.create_node({{"name", "n"}});
  EXPECT_FALSE(model_.set_power("n", "rebooting").second);
  model_.set_boot_device("n", {{"boot_device", "pxe"}, {"persistent", false}});
  EXPECT_TRUE(model_.set_power("n", "rebooting").second);
  EXPECT_FALSE(model_.set_power("n", "power off").second);
}

TEST_F(IronicSim, TroubleComesAtTheRateAskedFor) {
  IronicService bad(env_, model_, machines_, {.busy = 1}, nullptr);
  EXPECT_EQ(bad.handle({.target = "/v1/nodes"}, {})->status, 503);
  EXPECT_EQ(bad.handle({.target = "/"}, {})->status, 200);
  IronicService gone(env_, model_, machines_, {.drop = 1}, nullptr);
  EXPECT_EQ(gone.handle({.target = "/v1/nodes"}, {}), std::nullopt);
}

TEST_F(IronicSim, RubbishIsRefusedNotCrashedOn) {
  ask("POST", "/v1/nodes", R"({"name":"n"})");
  EXPECT_EQ(ask("POST", "/v1/nodes", "[]").status, 400);
  EXPECT_EQ(ask("POST", "/v1/nodes", "nonsense").status, 400);
  EXPECT_EQ(ask("PATCH", "/v1/nodes/n", "{}").status, 400);
  EXPECT_EQ(ask("PATCH", "/v1/nodes/n", R"([{"op":"add","path":"x","value":1}])").status, 400);
  EXPECT_EQ(ask("PUT", "/v1/nodes/n/states/power", R"({"target":"fly"})").status, 400);
  EXPECT_EQ(ask("GET", "/v1/nodes?limit=-1").status, 400);
  EXPECT_EQ(ask("GET", "/v1/nodes?fields=nothing").status, 400);
  EXPECT_EQ(ask("GET", "/v1/elsewhere").status, 404);
}

}  // namespace
}  // namespace sim
