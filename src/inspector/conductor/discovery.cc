#include "inspector/conductor/discovery.h"

#include "base/log.h"
#include "inspector/processing/address.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>

namespace inspector {
namespace {

// Our own namespace for version 5 of RFC 9562, drawn once.
constexpr std::string_view kNamespace =
    "\x8b\x5f\x2e\x1a\x60\x3d\x4c\x77\x9e\x04\x51\xd6\x0f\xa8\x33\xc2";

std::string name_uuid(const std::string& name) {
  const std::string text = std::string(kNamespace) + name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-1");
  constexpr unsigned kVersionByte = 6, kVariantByte = 8, kBytes = 16;
  hash[kVersionByte] = static_cast<unsigned char>((hash[kVersionByte] & 0x0FU) | 0x50U);
  hash[kVariantByte] = static_cast<unsigned char>((hash[kVariantByte] & 0x3FU) | 0x80U);
  std::string out;
  for (unsigned i = 0; i < kBytes; ++i) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += {kDigits[hash[i] >> 4U], kDigits[hash[i] & 0xFU]};
  }
  return out;
}

std::string identity(const Attributes& seen) {
  const bool by_mac = !seen.at("mac").empty();
  std::string name = by_mac ? "mac" : "bmc";
  for (const auto& value : seen.at(by_mac ? "mac" : "bmc_address"))
    name += ' ' + value;
  return name;
}

// The first address of the versions that may be used, in their order.
std::string bmc_address(const std::vector<std::string>& addresses,
                        const std::vector<int>& versions) {
  for (const int version : versions)
    for (const auto& address : addresses)
      if ((address.find(':') == std::string::npos) == (version == 4)) return address;
  return {};
}

}  // namespace

Attributes findable(const Attributes& seen) {
  Attributes out{{"bmc_address", seen.at("bmc_address")}, {"mac", seen.at("mac")}};
  std::erase_if(out["bmc_address"], [](const std::string& each) { return !is_ip(each); });
  for (auto& [name, values] : out) {
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  return out;
}

boost::json::object discovered_node(const Attributes& seen, const ProcessingOptions& options) {
  boost::json::object node;
  for (const auto& [field, value] : options.enroll_fields)
    node[field] = boost::json::value(value);
  node["uuid"] = boost::json::value(name_uuid(identity(seen)));
  node["driver"] = boost::json::value(options.enroll_driver);
  boost::json::object driver_info;
  const std::string bmc = bmc_address(seen.at("bmc_address"), options.enroll_bmc_versions);
  if (!bmc.empty())
    driver_info["ipmi_address"] = boost::json::value(bmc);
  else
    base::log_warning("inspector.discovery",
                      "No BMC address provided, discovered node will be created without it");
  node["driver_info"] = std::move(driver_info);
  return node;
}

}  // namespace inspector
