#include "inspector/lldp/parser.h"

#include <gtest/gtest.h>

namespace inspector::lldp {
namespace {

namespace json = boost::json;

Found parsed(std::string_view list) { return parse(json::parse(list)); }
std::string attributes(std::string_view list) { return json::serialize(parsed(list).attributes); }
std::string attribute(std::string_view list, std::string_view name) {
  const Found found = parsed(list);
  const auto* value = found.attributes.if_contains(name);
  return value != nullptr ? json::serialize(*value) : "none";
}
// The only note, when nothing was found.
std::string note(std::string_view list) {
  const Found found = parsed(list);
  EXPECT_EQ(json::serialize(found.attributes), "{}") << list;
  return found.notes.size() == 1 ? found.notes[0] : std::to_string(found.notes.size()) + " notes";
}

TEST(Lldp, AWholeFrameOfASwitch) {
  EXPECT_EQ(
      attributes(R"([[1,"0464d1547f2a00"],[2,"0545746865726e6574312f3137"],[3,"0078"],
        [4,"7261636b30372d626d2d3137"],[5,"6c6561662d3037"],
        [6,"4578616d706c65204e4f5320342e32"],[7,"00140014"],[8,"0501ac1600fe020000000100"],
        [127,"0080c2010065"],[127,"0080c203006507766c616e313031"],
        [127,"00120f042400"],[127,"00120f010300000021"],[0,""]])"),
      R"({"switch_chassis_id":"64:d1:54:7f:2a:00","switch_port_id":"Ethernet1/17",)"
      R"("switch_port_description":"rack07-bm-17","switch_system_name":"leaf-07",)"
      R"("switch_system_description":"Example NOS 4.2",)"
      R"("switch_capabilities_support":["Bridge","Router"],)"
      R"("switch_capabilities_enabled":["Bridge","Router"],)"
      R"("switch_mgmt_addresses":["172.22.0.254"],"switch_port_untagged_vlan_id":101,)"
      R"("switch_port_vlans":[{"name":"vlan101","id":101}],"switch_port_mtu":9216,)"
      R"("switch_port_autonegotiation_enabled":true,"switch_port_autonegotiation_support":true,)"
      R"("switch_port_physical_capabilities":[],"switch_port_mau_type":"10GBASE-R"})");
}

TEST(Lldp, IdentifiersOfEveryKind) {
  const auto chassis = [](std::string_view hex) {
    return attribute("[[1,\"" + std::string(hex) + "\"]]", "switch_chassis_id");
  };
  for (const char* text : {"01616263", "02616263", "03616263", "06616263", "07616263"})
    EXPECT_EQ(chassis(text), R"("abc")") << text;
  EXPECT_EQ(chassis("04AABBCCDDEEFF99"), R"("aa:bb:cc:dd:ee:ff")");
  EXPECT_EQ(chassis("0501c0000201"), R"("192.0.2.1")");
  EXPECT_EQ(chassis("050220010db8000000000000000000000001"), R"("2001:db8::1")");
  EXPECT_EQ(chassis("0506aabbccddeeff"), R"("aa:bb:cc:dd:ee:ff")");
  const auto port = [](std::string_view hex) {
    return attribute("[[2,\"" + std::string(hex) + "\"]]", "switch_port_id");
  };
  for (const char* text : {"01373334", "02373334", "05373334", "07373334"})
    EXPECT_EQ(port(text), R"("734")") << text;
  EXPECT_EQ(port("03aabbccddeeff"), R"("aa:bb:cc:dd:ee:ff")");
  EXPECT_EQ(port("0401c0000202"), R"("192.0.2.2")");
  EXPECT_EQ(port("076100"), R"("a\u0000")");
  EXPECT_EQ(chassis("0509aabb"), "null");  // an unknown address family
  EXPECT_EQ(port("0409aabb"), "null");
}

TEST(Lldp, SingleValuesKeepTheFirstAndListsGrow) {
  EXPECT_EQ(attributes(R"([[5,"61"],[5,"62"],[8,"0501c0000201"],[8,"110220010db8000000000000000000)"
                       R"(000001"],[8,"07060011223344550200"],[8,"05ff01"]])"),
            R"({"switch_system_name":"a",)"
            R"("switch_mgmt_addresses":["192.0.2.1","2001:db8::1","00:11:22:33:44:55"]})");
}

TEST(Lldp, EveryCapabilityHasItsName) {
  EXPECT_EQ(attributes(R"([[7,"ffff0001"]])"),
            R"({"switch_capabilities_support":["Repeater","Bridge","WLAN","Router","Telephone",)"
            R"("DOCSIS cable device","Station only","C-Vlan","S-Vlan","TPMR"],)"
            R"("switch_capabilities_enabled":[]})");
}

TEST(Lldp, Ieee8021) {
  EXPECT_EQ(attributes(R"([[127,"0080c202060010"],[127,"0080c202000011"],
                           [127,"0080c20400"],[127,"0080c204028870"],
                           [127,"0080c2060014"],[127,"0080c2070300000005"],
                           [127,"0080c203000604610000007878"],[127,"0080c209"]])"),
            R"({"switch_port_protocol_vlan_enabled":true,"switch_port_protocol_vlan_support":true,)"
            R"("switch_port_protocol_vlan_ids":[16,17],"switch_protocol_identities":["","8870"],)"
            R"("switch_port_management_vlan_id":20,"switch_port_link_aggregation_enabled":true,)"
            R"("switch_port_link_aggregation_support":true,"switch_port_link_aggregation_id":5,)"
            R"("switch_port_vlans":[{"name":"a","id":6}]})");
}

TEST(Lldp, Ieee8023) {
  EXPECT_EQ(attributes(R"([[127,"00120f030100000007"],[127,"00120f0101ffff001e"]])"),
            R"({"switch_port_link_aggregation_enabled":false,)"
            R"("switch_port_link_aggregation_support":true,"switch_port_link_aggregation_id":7,)"
            R"("switch_port_autonegotiation_enabled":false,)"
            R"("switch_port_autonegotiation_support":true,"switch_port_physical_capabilities":)"
            R"(["1000BASE-T fdx","1000BASE-T hdx","1000BASE-X fdx","1000BASE-X hdx",)"
            R"("100BASE-T2 fdx","100BASE-T2 hdx","100BASE-TX fdx","100BASE-TX hdx",)"
            R"("10BASE-T fdx","10BASE-T hdx","10BASE-T4","Asym PAUSE fdx",)"
            R"("Asym and Sym PAUSE fdx","PAUSE fdx","Sym PAUSE fdx"],)"
            R"("switch_port_mau_type":"1000BASE-T full duplex"})");
  // Each bit is its own capability, the full-duplex one included.
  EXPECT_EQ(attribute(R"([[127,"00120f010020000000"]])", "switch_port_physical_capabilities"),
            R"(["10BASE-T fdx"])");
  EXPECT_EQ(attribute(R"([[127,"00120f010040000000"]])", "switch_port_physical_capabilities"),
            R"(["10BASE-T hdx"])");
  EXPECT_EQ(attribute(R"([[127,"00120f010000000035"]])", "switch_port_mau_type"),
            R"("1000BASE-PX20U")");
}

TEST(Lldp, WhatCannotBeReadIsNotedByItsName) {
  EXPECT_EQ(note(R"([[1,""]])"), "TLV parse error: expected 1 bytes, found 0");
  EXPECT_EQ(note(R"([[1,"04aabb"]])"), "TLV parse error: expected 6 bytes, found 2");
  EXPECT_EQ(note(R"([[1,"0803"]])"), "switch_chassis_id: subtype 8 not recognized");
  EXPECT_EQ(note(R"([[2,"0603"]])"), "switch_port_id: subtype 6 not recognized");
  EXPECT_EQ(parsed(R"([[2,"0409aabb"]])").notes,
            std::vector<std::string>{"switch_port_id: address family 9 not recognized"});
  EXPECT_EQ(note(R"([[4,"c328"]])"), "LLDP TLV type 4 can't be decoded: it is not UTF-8: c328");
  EXPECT_EQ(note(R"([[7,"0014"]])"),
            "Invalid data for switch_capabilities_support expected len 4, got 2");
  EXPECT_EQ(note(R"([[127,"00120f01030000"]])"),
            "Invalid data for switch_port_autonegotiation_support expected len 5, got 3");
  EXPECT_EQ(note(R"([[127,"00120f010300000036"]])"),
            "TLV value error: Invalid index for mau type: 54");
  EXPECT_EQ(note(R"([[127,"0080c2030065ff61"]])"), "TLV parse error: expected 255 bytes, found 1");
  EXPECT_EQ(note(R"([[127,"001b2101"]])"), "Organizationally Unique ID 001b21 not recognized");
  EXPECT_EQ(note(R"([[4,"abc"]])"),
            "the value of TLV type 4 is not hexadecimal in pairs of digits");
  EXPECT_EQ(note(R"([[4,"0g"]])"), "the value of TLV type 4 is not hexadecimal in pairs of digits");
  EXPECT_EQ(note(R"([[300,""]])"), "there is no TLV type 300");
  EXPECT_EQ(note(R"({"1":"04"})"), "the TLVs are not a list");
}

TEST(Lldp, OneBadTlvDoesNotSpoilTheOthers) {
  const Found found = parsed(R"([[1,"0603"],5,[2],["2","0561"],[2,null],[2,"zz"],[2,"0561"]])");
  EXPECT_EQ(json::serialize(found.attributes),
            R"({"switch_chassis_id":"\u0003","switch_port_id":"a"})");
  EXPECT_EQ(found.notes.size(), 5U);
}

TEST(Lldp, NotesHaveABound) {
  json::array list;
  for (int i = 0; i < 1000; ++i)
    list.emplace_back("no TLV");
  EXPECT_EQ(parse(list).notes.size(), Found::kMostNotes);
}

}  // namespace
}  // namespace inspector::lldp
