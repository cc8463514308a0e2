#include "inspector/node/changes.h"

#include "inspector/node/json_patch.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

std::string patch_of(const NodeChanges& changes) { return json::serialize(changes.node_patch()); }

TEST(NodeChanges, PathsKeepTheOrderOfFirstMentionAndTheLastValue) {
  NodeChanges changes;
  EXPECT_TRUE(changes.empty());
  changes.set("/properties/cpus", "4");
  changes.set("/properties/memory_mb", "1024");
  changes.set("/properties/cpus", "8");
  EXPECT_EQ(patch_of(changes), R"([{"op":"add","path":"/properties/cpus","value":"8"},)"
                               R"({"op":"add","path":"/properties/memory_mb","value":"1024"}])");
  EXPECT_FALSE(changes.empty());
}

TEST(NodeChanges, AParentReplacesWhatWasSetBelowIt) {
  NodeChanges changes;
  changes.set("/extra/a/b", 1);
  changes.set("/extra/ab", 2);
  changes.set("/extra/a", json::object{{"c", 3}});
  changes.set("/extra/a/d", 4);
  EXPECT_EQ(patch_of(changes), R"([{"op":"add","path":"/extra/ab","value":2},)"
                               R"({"op":"add","path":"/extra/a","value":{"c":3}},)"
                               R"({"op":"add","path":"/extra/a/d","value":4}])");
}

TEST(NodeChanges, ARemovalAlwaysFindsWhatWasSetBefore) {
  NodeChanges changes;
  changes.set("/extra/a", 1);
  changes.remove("/extra/a");
  changes.remove("/extra/a");
  EXPECT_EQ(patch_of(changes),
            R"([{"op":"add","path":"/extra/a","value":1},{"op":"remove","path":"/extra/a"}])");
  changes.set("/extra/a", 2);
  EXPECT_EQ(patch_of(changes), R"([{"op":"add","path":"/extra/a","value":2}])");
}

TEST(NodeChanges, ADeletedPortIsNotPatched) {
  NodeChanges changes;
  changes.set_port("p1", "/pxe_enabled", true);
  changes.set_port("p1", "/pxe_enabled", false);
  changes.set_port("p2", "/local_link_connection/port_id", "Ethernet1");
  EXPECT_EQ(json::serialize(changes.port_patches().at("p1")),
            R"([{"op":"replace","path":"/pxe_enabled","value":false}])");
  EXPECT_EQ(json::serialize(changes.port_patches().at("p2")),
            R"([{"op":"add","path":"/local_link_connection/port_id","value":"Ethernet1"}])");
  changes.delete_port("p1");
  changes.delete_port("p1");
  EXPECT_FALSE(changes.port_patches().contains("p1"));
  EXPECT_EQ(changes.deleted_ports(), std::vector<std::string>{"p1"});
}

TEST(NodeChanges, LinkDataStandsApartFromThePortsOtherChanges) {
  NodeChanges changes;
  changes.set_port("p1", "/pxe_enabled", true);
  changes.set_link("52:54:00:00:00:01", "p1", "/local_link_connection/port_id", "Ethernet1");
  changes.set_link("52:54:00:00:00:01", "p1", "/local_link_connection/port_id", "Ethernet2");
  changes.set_link("52:54:00:00:00:01", "p1", "/physical_network", "net1");
  EXPECT_EQ(changes.port_patches().at("p1").size(), 1U);
  ASSERT_EQ(changes.links().size(), 1U);
  EXPECT_EQ(json::serialize(changes.links()[0].patch),
            R"([{"op":"add","path":"/local_link_connection/port_id","value":"Ethernet2"},)"
            R"({"op":"add","path":"/physical_network","value":"net1"}])");
  changes.delete_port("p1");
  EXPECT_TRUE(changes.links().empty());
}

TEST(NodeChanges, OneAddressIsOneNewPort) {
  NodeChanges changes;
  changes.create_port({"52:54:00:00:00:01", {}, true});
  changes.create_port({"52:54:00:00:00:01", {}, false});
  ASSERT_EQ(changes.new_ports().size(), 1U);
  EXPECT_FALSE(changes.new_ports()[0].pxe_enabled);
}

TEST(JsonPatch, ChangesAreSeenAsIronicWouldShowThem) {
  json::object node =
      json::parse(R"({"properties":{"cpus":"4"},"list":[1,2],"x":null})").get_object();
  apply_patch(node, json::parse(R"([
    {"op":"add","path":"/properties/a~1b","value":1},
    {"op":"add","path":"/extra/deep/er","value":true},
    {"op":"add","path":"/x/y","value":0},
    {"op":"replace","path":"/list/0","value":9},
    {"op":"add","path":"/list/-","value":3},
    {"op":"add","path":"/list/0","value":8},
    {"op":"remove","path":"/list/1"},
    {"op":"remove","path":"/properties/cpus"},
    {"op":"remove","path":"/nowhere/at/all"},
    {"op":"remove","path":"/list/77"},
    {"op":"add","path":"/properties/a~1b/c","value":1}
  ])")
                        .get_array());
  EXPECT_EQ(json::serialize(node),
            R"({"properties":{"a/b":1},"list":[8,2,3],"x":{"y":0},"extra":{"deep":{"er":true}}})");
}

TEST(JsonPatch, APathIsThereWhenItLeadsToAnything) {
  const json::object node =
      json::parse(R"({"extra":{"a/b":null,"list":[{"x":1}]},"name":"n"})").get_object();
  for (const char* there : {"/extra", "/extra/a~1b", "/extra/list/0/x", "/name"})
    EXPECT_TRUE(has_path(node, there)) << there;
  for (const char* absent : {"/x", "/extra/a", "/extra/a~1b/c", "/extra/list/1", "/extra/list/-",
                             "/extra/list/x", "/name/n"})
    EXPECT_FALSE(has_path(node, absent)) << absent;
}

}  // namespace
}  // namespace inspector
