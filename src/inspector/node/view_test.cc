#include "inspector/node/view.h"

#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/capabilities.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

class View : public ::testing::Test {
 protected:
  View() {
    ironic_.add_node(json::parse(R"({"uuid":"u1","provision_state":"Active",
      "properties":{"cpus":"4","none":null,"capabilities":"boot_mode:bios,odd,a:1,a:2"}})")
                         .get_object());
    ironic_.add_port(json::parse(R"({"uuid":"p1","node_uuid":"u1","address":"52:54:00:00:00:01"})")
                         .get_object());
  }
  testing::FakeIronic ironic_;
  NodeChanges changes_;
  NodeView view_{"u1", ironic_, {}, changes_};
};

TEST_F(View, FetchesOnceAndShowsTheChangesCollectedSince) {
  EXPECT_EQ(*view_.property("cpus"), "4");
  EXPECT_EQ(view_.property("none"), nullptr);
  EXPECT_EQ(view_.property("memory_mb"), nullptr);
  changes_.set("/properties/cpus", "8");
  changes_.set("/properties/memory_mb", "1");
  EXPECT_EQ(*view_.property("cpus"), "8");
  EXPECT_EQ(*view_.property("memory_mb"), "1");
  changes_.remove("/properties/cpus");
  EXPECT_EQ(view_.property("cpus"), nullptr);
  EXPECT_TRUE(view_.active_or_rescue());
  EXPECT_EQ(view_.ports().size(), 1U);
  EXPECT_EQ(view_.ports().size(), 1U);
  EXPECT_EQ(ironic_.requests(),
            (std::vector<std::string>{"GET /v1/nodes/u1", "GET /v1/ports/detail?node=u1"}));
}

TEST_F(View, PortsAreShownAsTheyWillBe) {
  ironic_.add_port({{"uuid", "p2"}, {"node_uuid", "u1"}, {"address", "52:54:00:00:00:02"}});
  changes_.set_port("p1", "/pxe_enabled", true);
  changes_.delete_port("p2");
  changes_.create_port({"52:54:00:00:00:03", {}, false});
  EXPECT_EQ(json::serialize(json::value_from(view_.ports())),
            R"([{"uuid":"p1","node_uuid":"u1","address":"52:54:00:00:00:01","pxe_enabled":true},)"
            R"({"address":"52:54:00:00:00:03","extra":{},"pxe_enabled":false}])");
  changes_.set_link("52:54:00:00:00:03", "", "/physical_network", "net");
  changes_.set_link("52:54:00:00:00:01", "p1", "/local_link_connection/port_id", "1");
  ASSERT_EQ(view_.ports().size(), 2U);
  EXPECT_EQ(view_.ports()[0].at("local_link_connection").at("port_id"), "1");
  EXPECT_EQ(view_.ports()[1].at("physical_network"), "net");
}

TEST_F(View, ANodeFetchedBeforeIsNotFetchedAgain) {
  const NodeView view("u1", ironic_, {}, changes_, json::object{{"provision_state", "enroll"}});
  EXPECT_FALSE(view.active_or_rescue());
  EXPECT_EQ(view.property("cpus"), nullptr);
  EXPECT_TRUE(ironic_.requests().empty());
}

TEST_F(View, CapabilitiesKeepTheirPlacesAndWhatTheyCannotRead) {
  update_capabilities(view_, changes_, {{"cpu_vt", "true"}, {"boot_mode", "uefi"}, {"a", "3"}});
  EXPECT_EQ(*view_.property("capabilities"), "boot_mode:uefi,odd,a:3,cpu_vt:true");
  update_capabilities(view_, changes_, {{"t4", "1"}});
  EXPECT_EQ(*view_.property("capabilities"), "boot_mode:uefi,odd,a:3,cpu_vt:true,t4:1");
}

TEST_F(View, NoCapabilitiesAreNoChange) {
  update_capabilities(view_, changes_, {});
  EXPECT_TRUE(changes_.empty());
}

}  // namespace
}  // namespace inspector
