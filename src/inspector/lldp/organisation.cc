#include "inspector/lldp/organisation.h"

#include "inspector/lldp/bytes.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace inspector::lldp {
namespace {

namespace json = boost::json;

constexpr std::string_view kIeee8021 = "0080c2", kIeee8023 = "00120f";
constexpr std::size_t kOuiLength = 3;

// The same in 802.3, where it stood first, and in 802.1.
void link_aggregation(std::string_view value, Found& found) {
  expect_length("switch_port_link_aggregation_id", value, 5);
  Reader reader(value);
  const unsigned flags = reader.u8();
  found.set("switch_port_link_aggregation_enabled", (flags & 2U) != 0);
  found.set("switch_port_link_aggregation_support", (flags & 1U) != 0);
  found.set("switch_port_link_aggregation_id", reader.u32());
}

void protocol_vlan(std::string_view value, Found& found) {
  expect_length("switch_port_protocol_vlan_ids", value, 3);
  Reader reader(value);
  const unsigned flags = reader.u8();
  found.set("switch_port_protocol_vlan_enabled", (flags & 4U) != 0);
  found.set("switch_port_protocol_vlan_support", (flags & 2U) != 0);
  found.append("switch_port_protocol_vlan_ids", reader.u16());
}

void vlan_name(std::string_view value, Found& found) {
  Reader reader(value);
  const std::uint16_t id = reader.u16();
  std::string_view name = reader.take(reader.u8());
  while (name.ends_with('\0'))
    name.remove_suffix(1);
  found.append("switch_port_vlans",
               json::object{{"name", text(name, "the name of a VLAN")}, {"id", id}});
}

void protocol_identity(std::string_view value, Found& found) {
  Reader reader(value);
  const std::size_t length = reader.u8();
  found.append("switch_protocol_identities", json::value(to_hex(reader.take(length))));
}

void ieee_8021(unsigned subtype, std::string_view value, Found& found) {
  switch (subtype) {
    case 1:
      return found.set("switch_port_untagged_vlan_id", Reader(value).u16());
    case 2:
      return protocol_vlan(value, found);
    case 3:
      return vlan_name(value, found);
    case 4:
      return protocol_identity(value, found);
    case 6:
      return found.set("switch_port_management_vlan_id", Reader(value).u16());
    case 7:
      return link_aggregation(value, found);
    default:
      return;
  }
}

json::array physical_capabilities(unsigned bits) {
  constexpr std::string_view kFromTheTop[] = {{},
                                              "10BASE-T hdx",
                                              "10BASE-T fdx",
                                              "10BASE-T4",
                                              "100BASE-TX hdx",
                                              "100BASE-TX fdx",
                                              "100BASE-T2 hdx",
                                              "100BASE-T2 fdx",
                                              "PAUSE fdx",
                                              "Asym PAUSE fdx",
                                              "Sym PAUSE fdx",
                                              "Asym and Sym PAUSE fdx",
                                              "1000BASE-X hdx",
                                              "1000BASE-X fdx",
                                              "1000BASE-T hdx",
                                              "1000BASE-T fdx"};
  constexpr unsigned kTop = 0x8000;
  std::vector<std::string_view> names;
  for (std::size_t i = 1; i < std::size(kFromTheTop); ++i)
    if ((bits & kTop >> i) != 0) names.push_back(kFromTheTop[i]);
  std::ranges::sort(names);
  return json::array(names.begin(), names.end());
}

void autonegotiation(std::string_view value, Found& found) {
  expect_length("switch_port_autonegotiation_support", value, 5);
  Reader reader(value);
  const unsigned flags = reader.u8();
  const unsigned capabilities = reader.u16();
  const std::string_view mau = mau_type_name(reader.u16());
  found.set("switch_port_autonegotiation_enabled", (flags & 2U) != 0);
  found.set("switch_port_autonegotiation_support", (flags & 1U) != 0);
  found.set("switch_port_physical_capabilities", physical_capabilities(capabilities));
  found.set("switch_port_mau_type", json::value(mau));
}

void ieee_8023(unsigned subtype, std::string_view value, Found& found) {
  switch (subtype) {
    case 1:
      return autonegotiation(value, found);
    case 3:
      return link_aggregation(value, found);
    case 4:
      return found.set("switch_port_mtu", Reader(value).u16());
    default:
      return;
  }
}

}  // namespace

void organisation_tlv(std::string_view value, Found& found) {
  Reader reader(value);
  const std::string oui = to_hex(reader.take(kOuiLength));
  const unsigned subtype = reader.u8();
  if (oui == kIeee8021) return ieee_8021(subtype, reader.rest(), found);
  if (oui == kIeee8023) return ieee_8023(subtype, reader.rest(), found);
  throw Malformed("Organizationally Unique ID " + oui + " not recognized");
}

void expect_length(std::string_view name, std::string_view value, std::size_t length) {
  if (value.size() != length)
    throw Malformed("Invalid data for " + std::string(name) + " expected len " +
                    std::to_string(length) + ", got " + std::to_string(value.size()));
}

}  // namespace inspector::lldp
