#include "inspector/lldp/parser.h"

#include "inspector/lldp/bytes.h"
#include "inspector/lldp/organisation.h"

#include <cstdint>
#include <limits>

namespace inspector::lldp {
namespace {

namespace json = boost::json;

enum Type : std::uint8_t {
  kEnd = 0,
  kChassisId = 1,
  kPortId = 2,
  kTtl = 3,
  kPortDescription = 4,
  kSystemName = 5,
  kSystemDescription = 6,
  kCapabilities = 7,
  kManagementAddress = 8,
  kOrganisation = 127,
};

/// What kind of value an identifier is: the numbers differ between chassis and port.
enum class Kind { kText, kMac, kNetworkAddress, kUnknown };

constexpr std::size_t kMacLength = 6;

Kind chassis_kind(std::uint8_t subtype) noexcept {
  switch (subtype) {
    case 1:  // chassis component, interface alias, port component, interface name, assigned
    case 2:
    case 3:
    case 6:
    case 7:
      return Kind::kText;
    case 4:
      return Kind::kMac;
    case 5:
      return Kind::kNetworkAddress;
    default:
      return Kind::kUnknown;
  }
}

Kind port_kind(std::uint8_t subtype) noexcept {
  switch (subtype) {
    case 1:  // interface alias, port component, interface name, assigned
    case 2:
    case 5:
    case 7:
      return Kind::kText;
    case 3:
      return Kind::kMac;
    case 4:
      return Kind::kNetworkAddress;
    default:
      return Kind::kUnknown;
  }
}

std::string decode_error(int type) { return "LLDP TLV type " + std::to_string(type); }

void identifier(int type, std::string_view value, Found& found) {
  Reader reader(value);
  const bool chassis = type == kChassisId;
  const std::string_view name = chassis ? "switch_chassis_id" : "switch_port_id";
  const std::uint8_t subtype = reader.u8();
  switch (chassis ? chassis_kind(subtype) : port_kind(subtype)) {
    case Kind::kText:
      return found.set(name, json::value(text(reader.rest(), decode_error(type))));
    case Kind::kMac:
      return found.set(name, json::value(to_mac(reader.take(kMacLength))));
    case Kind::kNetworkAddress: {
      const std::uint8_t family = reader.u8();
      if (const auto ip = address(family, reader.rest())) return found.set(name, json::value(*ip));
      found.set(name, nullptr);
      throw Malformed(std::string(name) + ": address family " + std::to_string(family) +
                      " not recognized");
    }
    case Kind::kUnknown:
      break;
  }
  throw Malformed(std::string(name) + ": subtype " + std::to_string(subtype) + " not recognized");
}

json::array capability_names(std::uint16_t bits) {
  constexpr std::string_view kNames[] = {{},
                                         "Repeater",
                                         "Bridge",
                                         "WLAN",
                                         "Router",
                                         "Telephone",
                                         "DOCSIS cable device",
                                         "Station only",
                                         "C-Vlan",
                                         "S-Vlan",
                                         "TPMR"};
  json::array names;
  for (std::size_t bit = 1; bit < std::size(kNames); ++bit)
    if ((bits >> bit & 1U) != 0) names.emplace_back(kNames[bit]);
  return names;
}

void capabilities(std::string_view value, Found& found) {
  expect_length("switch_capabilities_support", value, 4);
  Reader reader(value);
  found.set("switch_capabilities_support", capability_names(reader.u16()));
  found.set("switch_capabilities_enabled", capability_names(reader.u16()));
}

// The length that stands before the address is not looked at: switches get it wrong.
void management_address(std::string_view value, Found& found) {
  Reader reader(value);
  reader.u8();
  const std::uint8_t family = reader.u8();
  if (const auto ip = address(family, reader.rest()))
    found.append("switch_mgmt_addresses", json::value(*ip));
}

void parse_known(int type, std::string_view value, Found& found) {
  switch (type) {
    case kChassisId:
    case kPortId:
      return identifier(type, value, found);
    case kPortDescription:
      return found.set("switch_port_description", json::value(text(value, decode_error(type))));
    case kSystemName:
      return found.set("switch_system_name", json::value(text(value, decode_error(type))));
    case kSystemDescription:
      return found.set("switch_system_description", json::value(text(value, decode_error(type))));
    case kCapabilities:
      return capabilities(value, found);
    case kManagementAddress:
      return management_address(value, found);
    case kOrganisation:
      return organisation_tlv(value, found);
    case kEnd:
    case kTtl:
    default:  // says nothing about the switch, or nothing that we know
      return;
  }
}

// `[type, "hexadecimal"]`
void parse_entry(const json::value& entry, Found& found) {
  const auto* pair = entry.if_array();
  const auto* type = pair != nullptr && pair->size() == 2 ? (*pair)[0].if_int64() : nullptr;
  const auto* digits = type != nullptr ? (*pair)[1].if_string() : nullptr;
  if (digits == nullptr) return found.note("a TLV is not of the form [type, \"hexadecimal\"]");
  if (*type < 0 || *type > std::numeric_limits<std::uint8_t>::max())
    return found.note("there is no TLV type " + std::to_string(*type));
  const auto value = from_hex(*digits);
  if (!value)
    return found.note("the value of TLV type " + std::to_string(*type) +
                      " is not hexadecimal in pairs of digits");
  parse(static_cast<int>(*type), *value, found);
}

}  // namespace

void parse(int type, std::string_view value, Found& found) {
  try {
    parse_known(type, value, found);
  } catch (const Malformed& e) {
    found.note(e.what());
  }
}

Found parse(const json::value& list) {
  Found found;
  if (const auto* entries = list.if_array())
    for (const auto& entry : *entries)
      parse_entry(entry, found);
  else
    found.note("the TLVs are not a list");
  return found;
}

}  // namespace inspector::lldp
