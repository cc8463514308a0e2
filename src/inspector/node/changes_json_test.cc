#include "inspector/node/changes_json.h"

#include <gtest/gtest.h>

#include <random>

namespace inspector {
namespace {

namespace json = boost::json;

NodeChanges one_of_each() {
  NodeChanges changes;
  changes.set("/properties/cpus", "8");
  changes.set("/extra/block_devices", json::object{{"serials", {"a", "b"}}});
  changes.remove("/extra/block_devices");
  changes.set("/extra/nothing", nullptr);
  changes.reset_interfaces();
  changes.create_port({"52:54:00:00:00:03", {{"client-id", "ff"}}, false});
  changes.set_port("p1", "/pxe_enabled", true);
  changes.set_port("p1", "/extra/a", 1);
  changes.delete_port("p2");
  changes.set_link("52:54:00:00:00:01", "p1", "/local_link_connection/port_id", "Ethernet1/17");
  changes.set_link("52:54:00:00:00:03", "", "/physical_network", "provisioning");
  changes.add_trait("CUSTOM_X");
  changes.remove_trait("OLD");
  return changes;
}

// As a journal keeps it: text.
NodeChanges kept(const NodeChanges& changes) {
  return changes_from_json(json::parse(json::serialize(changes_to_json(changes))));
}

TEST(ChangesJson, EveryKindOfChangeComesBack) {
  const NodeChanges before = one_of_each();
  const NodeChanges after = kept(before);
  EXPECT_EQ(after.node_patch(), before.node_patch());
  EXPECT_TRUE(after.resets_interfaces());
  ASSERT_EQ(after.new_ports().size(), 1U);
  EXPECT_EQ(after.new_ports()[0].address, "52:54:00:00:00:03");
  EXPECT_EQ(json::serialize(after.new_ports()[0].extra), R"({"client-id":"ff"})");
  EXPECT_FALSE(after.new_ports()[0].pxe_enabled);
  EXPECT_EQ(after.port_patches(), before.port_patches());
  EXPECT_EQ(after.deleted_ports(), before.deleted_ports());
  ASSERT_EQ(after.links().size(), 2U);
  EXPECT_EQ(after.links()[0].uuid, "p1");
  EXPECT_EQ(after.links()[1].uuid, "");
  EXPECT_EQ(after.links()[1].patch, before.links()[1].patch);
  EXPECT_EQ(after.traits(), before.traits());
}

TEST(ChangesJson, NoChangesComeBackAsNone) {
  EXPECT_TRUE(kept(NodeChanges()).empty());
  EXPECT_TRUE(changes_from_json(json::object()).empty());
}

// The order of operations is part of what they do: sets and removals that overlap in every way.
TEST(ChangesJson, AnyOrderOfOperationsComesBackTheSame) {
  constexpr std::string_view kPaths[] = {"/extra", "/extra/a", "/extra/a/b", "/extra/ab", "/x"};
  std::mt19937 random(7);  // NOLINT: the same cases every time
  for (int round = 0; round < 500; ++round) {
    NodeChanges changes;
    for (int step = 0; step < 12; ++step) {
      const std::string_view path = kPaths[random() % std::size(kPaths)];
      random() % 3 == 0 ? changes.remove(path) : changes.set(path, step);
    }
    ASSERT_EQ(json::serialize(changes_to_json(kept(changes))),
              json::serialize(changes_to_json(changes)));
  }
}

TEST(ChangesJson, WhatIsMalformedIsNamed) {
  const auto text = [](std::string_view written) -> std::string {
    try {
      changes_from_json(json::parse(written));
    } catch (const std::invalid_argument& e) {
      return e.what();
    }
    return {};
  };
  EXPECT_EQ(text("[]"), "collected changes: the whole: expected an object");
  EXPECT_EQ(text(R"({"node":5})"), "collected changes: node: expected a list");
  EXPECT_EQ(text(R"({"node":[{"op":"add"}]})"), "collected changes: node: expected the text path");
  EXPECT_EQ(text(R"({"node":[{"op":"add","path":"/x"}]})"),
            "collected changes: node: expected a value");
  EXPECT_EQ(text(R"({"traits":{"a":1}})"), "collected changes: traits: expected true or false");
  EXPECT_EQ(text(R"({"links":[{"patch":[{"op":"add","path":"/x","value":1}]}]})"),
            "collected changes: links: expected the text address");
  EXPECT_EQ(text(R"({"later":"versions may add members"})"), "");
}

}  // namespace
}  // namespace inspector
