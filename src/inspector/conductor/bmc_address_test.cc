#include "inspector/conductor/bmc_address.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

using Addresses = std::vector<std::string>;

/// The addresses found for a driver_info, with a resolver that knows two names and all literals.
Addresses found(const char* driver_info) {
  boost::json::object node;
  node["driver_info"] = boost::json::parse(driver_info);
  return bmc_addresses(node, {"redfish_address"}, [](const std::string& host) -> Addresses {
    if (host == "bmc.example") return {"192.0.2.1", "192.0.2.2", "2001:db8::1"};
    if (host == "absent.example") return {};
    return {host};
  });
}

TEST(BmcAddress, IsTheFirstFieldThatIsSet) {
  EXPECT_EQ(found(R"({"ipmi_address":"192.0.2.7","redfish_address":"192.0.2.8"})"),
            Addresses{"192.0.2.7"});
  EXPECT_EQ(found(R"({"ipmi_address":"","redfish_address":"192.0.2.8"})"), Addresses{"192.0.2.8"});
  EXPECT_EQ(found(R"({"ilo_address":"192.0.2.8"})"), Addresses{});
}

TEST(BmcAddress, HostsAreTakenOutOfUrlsAndBrackets) {
  EXPECT_EQ(found(R"({"redfish_address":"https://192.0.2.8:8443/redfish"})"),
            Addresses{"192.0.2.8"});
  EXPECT_EQ(found(R"({"redfish_address":"https://[2001:db8::5]/"})"), Addresses{"2001:db8::5"});
  EXPECT_EQ(found(R"({"ipmi_address":"[2001:db8::5]"})"), Addresses{"2001:db8::5"});
}

TEST(BmcAddress, OneOfEachFamilyIsKept) {
  EXPECT_EQ(found(R"({"ipmi_address":"bmc.example"})"), (Addresses{"192.0.2.2", "2001:db8::1"}));
}

TEST(BmcAddress, WhatTellsNoMachineIsLeftOut) {
  for (const char* info :
       {R"({"ipmi_address":"127.0.0.1"})", R"({"ipmi_address":"::1"})",
        R"({"ipmi_address":"::ffff:127.0.0.1"})", R"({"ipmi_address":"absent.example"})",
        R"({"ipmi_address":"192.0.2.7","ipmi_bridging":"single"})", R"({"ipmi_address":7})", "null",
        "{}"})
    EXPECT_EQ(found(info), Addresses{}) << info;
}

TEST(BmcAddress, TheSystemResolvesLiterals) {
  EXPECT_EQ(resolve_host("192.0.2.7"), Addresses{"192.0.2.7"});
  EXPECT_EQ(resolve_host("2001:db8::1"), Addresses{"2001:db8::1"});
}

}  // namespace
}  // namespace inspector
