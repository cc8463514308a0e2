#include "inspector/processing/apply.h"

#include "inspector/error.h"
#include "inspector/ironic/testing/fake_client.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

const std::string kThird = "52:54:00:00:00:03";

class Apply : public ::testing::Test {
 protected:
  Apply() {
    ironic_.add_node({{"uuid", "u1"}, {"properties", json::object()}});
    ironic_.add_port({{"uuid", "p1"}, {"node_uuid", "u1"}, {"address", "52:54:00:00:00:01"}});
    ironic_.add_port({{"uuid", "p2"}, {"node_uuid", "u1"}, {"address", "52:54:00:00:00:02"}});
  }

  // The text and kind of what apply() throws.
  std::pair<Errc, std::string> error() {
    try {
      apply(changes_, "u1", ironic_, {});
    } catch (const Error& e) {
      return {e.code(), e.what()};
    }
    return {};
  }

  testing::FakeIronic ironic_;
  NodeChanges changes_;
};

TEST_F(Apply, SendsOnePatchPerObjectInOrder) {
  changes_.remove_trait("OLD");
  changes_.add_trait("CUSTOM_X");
  changes_.set_port("p1", "/pxe_enabled", true);
  changes_.delete_port("p2");
  changes_.create_port({"52:54:00:00:00:03", {{"client-id", "ff"}}, false});
  changes_.set("/properties/cpus", "8");
  changes_.set("/properties/local_gb", "10");
  apply(changes_, "u1", ironic_, {});
  EXPECT_EQ(ironic_.requests(),
            (std::vector<std::string>{
                R"(PATCH /v1/nodes/u1 [{"op":"add","path":"/properties/cpus","value":"8"},)"
                R"({"op":"add","path":"/properties/local_gb","value":"10"}])",
                R"(POST /v1/ports {"node_uuid":"u1","address":"52:54:00:00:00:03",)"
                R"("extra":{"client-id":"ff"},"pxe_enabled":false})",
                "DELETE /v1/ports/p2",
                R"(PATCH /v1/ports/p1 [{"op":"replace","path":"/pxe_enabled","value":true}])",
                "PUT /v1/nodes/u1/traits/CUSTOM_X", "DELETE /v1/nodes/u1/traits/OLD"}));
}

TEST_F(Apply, NothingCollectedIsNothingSent) {
  apply(changes_, "u1", ironic_, {});
  EXPECT_TRUE(ironic_.requests().empty());
}

TEST_F(Apply, APortThatExistsDoesNotStopTheRest) {
  changes_.create_port({"52:54:00:00:00:02", {}, true});
  changes_.create_port({"52:54:00:00:00:03", {}, true});
  apply(changes_, "u1", ironic_, {});
  EXPECT_EQ(ironic_.ports("u1").size(), 3U);
}

TEST_F(Apply, APortRefusedBecauseTheNodeIsLockedFails) {
  changes_.create_port({"52:54:00:00:00:03", {}, true});
  ironic_.refuse("POST", {409, "POST /v1/ports: 409: Node u1 is locked"});
  EXPECT_EQ(error(), std::pair(Errc::kProcessing,
                               std::string("Unexpected exception ConflictException during "
                                           "processing: POST /v1/ports: 409: Node u1 is locked")));
}

TEST_F(Apply, ARefusalEndsItAndNamesTheRequest) {
  changes_.set("/properties/cpus", "8");
  changes_.add_trait("CUSTOM_X");
  ironic_.refuse("PATCH", {400, "PATCH /v1/nodes/u1: 400: no"});
  EXPECT_EQ(error(), std::pair(Errc::kProcessing,
                               std::string("Unexpected exception BadRequestException during "
                                           "processing: PATCH /v1/nodes/u1: 400: no")));
  EXPECT_EQ(ironic_.requests().size(), 1U);
}

TEST_F(Apply, LinkDataIsSentApartAndAfterTheRest) {
  changes_.set_link(kThird, "", "/local_link_connection/port_id", "Ethernet3");
  changes_.set_link("52:54:00:00:00:01", "p1", "/physical_network", "net1");
  changes_.set_port("p1", "/pxe_enabled", true);
  changes_.create_port({kThird, {}, true});
  apply(changes_, "u1", ironic_, {});
  const auto requests = ironic_.requests();
  ASSERT_EQ(requests.size(), 4U);
  EXPECT_EQ(requests[1],
            R"(PATCH /v1/ports/p1 [{"op":"replace","path":"/pxe_enabled","value":true}])");
  EXPECT_EQ(requests[2],
            R"(PATCH /v1/ports/port-52:54:00:00:00:03 )"
            R"([{"op":"add","path":"/local_link_connection/port_id","value":"Ethernet3"}])");
  EXPECT_EQ(requests[3],
            R"(PATCH /v1/ports/p1 [{"op":"add","path":"/physical_network","value":"net1"}])");
}

TEST_F(Apply, RefusedLinkDataIsOnlyWarnedAboutAndTheOtherFieldsAreSet) {
  changes_.set_link("52:54:00:00:00:01", "p1", "/local_link_connection/port_id", "Ethernet1");
  changes_.set_link("52:54:00:00:00:01", "p1", "/physical_network", "net1");
  changes_.add_trait("CUSTOM_X");
  const ironic::Error refused(400, "PATCH /v1/ports/p1: 400: no");
  ironic_.refuse("PATCH", refused);
  ironic_.refuse("PATCH", refused);
  apply(changes_, "u1", ironic_, {});
  const auto port = ironic_.ports("u1")[0];
  EXPECT_FALSE(port.contains("local_link_connection"));
  EXPECT_EQ(port.at("physical_network"), "net1");
  EXPECT_EQ(ironic_.requests().back(), "PUT /v1/nodes/u1/traits/CUSTOM_X");
}

TEST_F(Apply, LinkDataThatFailsForAnotherReasonFails) {
  changes_.set_link("52:54:00:00:00:01", "p1", "/physical_network", "net1");
  ironic_.refuse("PATCH", {500, "PATCH /v1/ports/p1: 500: oh"});
  EXPECT_EQ(error().second,
            "Unexpected exception HttpException during processing: PATCH /v1/ports/p1: 500: oh");
}

TEST_F(Apply, AnIronicThatIsAwayIsToldAsSuch) {
  changes_.set("/properties/cpus", "4");
  for (const int status : {0, 502, 503, 504}) {
    ironic_.refuse("PATCH", {status, "away"});
    EXPECT_THROW(apply(changes_, "u1", ironic_, {}), ironic::Error) << status;
  }
}

TEST_F(Apply, APortThatAnotherNodeHasIsNotCabled) {
  ironic_.add_port({{"uuid", "p9"}, {"node_uuid", "u9"}, {"address", kThird}});
  changes_.create_port({kThird, {}, true});
  changes_.set_link(kThird, "", "/physical_network", "net1");
  apply(changes_, "u1", ironic_, {});
  EXPECT_FALSE(ironic_.ports("u9")[0].contains("physical_network"));
}

TEST_F(Apply, ARemovalThatHasBeenDoneDoesNotRefuseTheRest) {
  changes_.remove("/extra/block_devices");
  changes_.set("/properties/root_device", json::object{{"serial", "b"}});
  for (const int status : {400, 0}) {
    ironic_.refuse("PATCH", {status, "PATCH /v1/nodes/u1: no"});
    apply(changes_, "u1", ironic_, {});
    EXPECT_EQ(ironic_.requests().back(),
              R"(PATCH /v1/nodes/u1 [{"op":"add","path":"/properties/root_device",)"
              R"("value":{"serial":"b"}}])");
  }
  json::object node = ironic_.node("u1");
  node["extra"] = json::object{{"block_devices", 1}};
  ironic_.add_node(node);
  ironic_.refuse("PATCH", {400, "PATCH /v1/nodes/u1: 400: for another reason"});
  EXPECT_EQ(error().second,
            "Unexpected exception BadRequestException during processing: PATCH /v1/nodes/u1: 400: "
            "for another reason");
}

TEST_F(Apply, SendsNothingOnceTheLockIsLost) {
  changes_.set("/properties/cpus", "8");
  ironic::Call call;
  call.remaining = [] { return base::Env::Duration::zero(); };
  EXPECT_THROW(apply(changes_, "u1", ironic_, call), ironic::LockLost);
  EXPECT_TRUE(ironic_.requests().empty());
}

TEST_F(Apply, ASecondTimeDoesNoHarm) {
  changes_.set("/properties/cpus", "8");
  changes_.create_port({"52:54:00:00:00:03", {}, true});
  changes_.set_link(kThird, "", "/physical_network", "net1");
  changes_.delete_port("p2");
  apply(changes_, "u1", ironic_, {});
  const auto node = ironic_.node("u1");
  const auto ports = ironic_.ports("u1");
  apply(changes_, "u1", ironic_, {});
  EXPECT_EQ(ironic_.node("u1"), node);
  EXPECT_EQ(ironic_.ports("u1"), ports);
}

}  // namespace
}  // namespace inspector
