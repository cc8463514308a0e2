#include "inspector/conductor/provision.h"

#include "inspector/error.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

boost::json::object node(const char* text) { return boost::json::parse(text).as_object(); }

TEST(ProvisionState, TheFiveOfIntrospectionAreAccepted) {
  for (const char* state :
       {"enroll", "manageable", "inspecting", "inspect wait", "inspect failed", "MANAGEABLE"})
    EXPECT_FALSE(check_provision_state({{"provision_state", state}}, false)) << state;
}

TEST(ProvisionState, OthersAreRefusedWithUpstreamsText) {
  try {
    check_provision_state({{"provision_state", "available"}}, true);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    EXPECT_STREQ(error.what(),
                 "Invalid provision state for introspection: \"available\", valid states are "
                 "\"['enroll', 'manageable', 'inspecting', 'inspect wait', 'inspect failed']\"");
  }
}

TEST(ProvisionState, NodesInUseNeedPermission) {
  EXPECT_TRUE(check_provision_state({{"provision_state", "active"}}, true));
  EXPECT_TRUE(check_provision_state({{"provision_state", "rescue"}}, true));
  EXPECT_THROW(check_provision_state({{"provision_state", "active"}}, false), Error);
  EXPECT_THROW(check_provision_state({{"provision_state", nullptr}}, true), Error);
}

TEST(PersistentBoot, FollowsDriverInfo) {
  const auto wants = [](const char* value) {
    return wants_persistent_boot(
        node((std::string(R"({"driver_info":{"force_persistent_boot_device":)") + value + "}}")
                 .c_str()));
  };
  for (const char* yes : {"\"Always\"", "true", "\"True\"", "\"yes\"", "\" On \"", "1"})
    EXPECT_TRUE(wants(yes)) << yes;
  for (const char* no : {"\"Default\"", "\"Never\"", "false", "\"no\"", "null", "0", "\"odd\"",
                         "\"always\"", "\"ALWAYS\"", "\" Always\"", "\"  \"", "[]"})
    EXPECT_FALSE(wants(no)) << no;
  EXPECT_FALSE(wants_persistent_boot(node("{}")));
}

}  // namespace
}  // namespace inspector
