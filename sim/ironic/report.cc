#include "sim/ironic/report.h"

#include <array>
#include <boost/json.hpp>
#include <cstdio>

namespace sim {
namespace {

namespace json = boost::json;

template <class... Args>
std::string formatted(const char* format, Args... args) {
  std::array<char, 128> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, args...);
  return buffer.data();
}

std::string hex_of(std::string_view text) {
  std::string out;
  for (const unsigned char c : text)
    out += formatted("%02x", c);
  return out;
}

// A switch port's announcement: chassis MAC, port name, TTL, descriptions, capabilities, VLAN, MTU.
json::array lldp_of(unsigned number, unsigned port) {
  const unsigned rack = number / 40;
  const std::string port_name = formatted("Ethernet1/%u", number % 40 + 1);
  return {{1, formatted("0464d1547f%02x%02x", rack & 0xff, port)},
          {2, "05" + hex_of(port_name)},
          {3, "0078"},
          {4, hex_of(formatted("rack%02u-bm-%02u", rack, number % 40))},
          {5, hex_of(formatted("leaf-%02u", rack * 2 + port))},
          {6, hex_of("Example NOS 4.2")},
          {7, "00140014"},
          {127, "0080c2010065"},
          {127, "00120f042400"},
          {0, ""}};
}

json::object interface(const Hardware& m, unsigned number, unsigned port) {
  const bool pxe = port == 0;
  json::value address = nullptr;
  if (pxe) address = json::string(formatted("172.22.%u.%u", number / 250 % 250, number % 250 + 2));
  return {{"name", pxe ? "eno1" : "eno2"},
          {"mac_address", pxe ? m.pxe_mac : m.second_mac},
          {"ipv4_address", address},
          {"ipv6_address", nullptr},
          {"has_carrier", true},
          {"lldp", lldp_of(number, port)},
          {"vendor", "0x8086"},
          {"product", "0x1592"},
          {"client_id", nullptr},
          {"biosdevname", nullptr},
          {"speed_mbps", 25000}};
}

json::object disk(const Hardware& m, const char* name, std::uint64_t size, bool rotational) {
  const std::string serial = "S4EX" + m.pxe_mac.substr(9, 2) + m.pxe_mac.substr(12, 2) +
                             m.pxe_mac.substr(15, 2) + (rotational ? "R" : "N");
  return {{"name", name},
          {"model", rotational ? "EXAMPLE HDD 4T" : "EXAMPLE NVMe"},
          {"size", size},
          {"rotational", rotational},
          {"wwn", nullptr},
          {"serial", serial},
          {"vendor", nullptr},
          {"wwn_with_extension", nullptr},
          {"wwn_vendor_extension", nullptr},
          {"hctl", nullptr},
          {"by_path", nullptr}};
}

json::object inventory(const Hardware& m, unsigned number) {
  return {
      {"interfaces", {interface(m, number, 0), interface(m, number, 1)}},
      {"disks",
       {disk(m, "/dev/nvme0n1", m.disk_bytes, false), disk(m, "/dev/sda", 4000787030016U, true)}},
      {"cpu",
       {{"model_name", "Example CPU 6330 @ 2.00GHz"},
        {"frequency", "3100.0000"},
        {"count", m.cpus},
        {"architecture", "x86_64"},
        {"flags", {"fpu", "vmx", "aes", "pse", "pdpe1gb", "smx", "avx2"}}}},
      {"memory", {{"total", m.memory_mb * 1024 * 1024}, {"physical_mb", m.memory_mb}}},
      {"bmc_address", m.bmc_address},
      {"bmc_v6address", "::/0"},
      {"system_vendor",
       {{"product_name", "Example R7"},
        {"serial_number", formatted("EX7-%05u", number)},
        {"manufacturer", "Example Inc."}}},
      {"boot", {{"current_boot_mode", "uefi"}, {"pxe_interface", m.pxe_mac}}},
      {"hostname", "localhost.localdomain"}};
}

}  // namespace

Hardware hardware(unsigned number) {
  Hardware m;
  m.uuid = formatted("5a1a0000-0000-4000-8000-%012x", number);
  m.name = formatted("machine-%05u", number);
  m.bmc_address =
      formatted("198.%u.%u.%u", 18 + (number >> 16 & 1), number >> 8 & 0xff, number & 0xff);
  m.pxe_mac =
      formatted("52:54:%02x:%02x:%02x:01", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
  m.second_mac =
      formatted("52:54:%02x:%02x:%02x:02", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
  m.cpus = 16U << number % 4;
  m.memory_mb = std::uint64_t{65536} << number % 3;
  m.disk_bytes = 480103981056U * (1 + number % 2);
  return m;
}

std::string report_of(const Hardware& m) {
  const auto number = static_cast<unsigned>(std::stoul(m.name.substr(8)));
  const json::object machine_inventory = inventory(m, number);
  std::string boot_interface = "01-" + m.pxe_mac;
  for (char& c : boot_interface)
    if (c == ':') c = '-';
  const json::object report{
      {"inventory", machine_inventory},
      {"root_disk", machine_inventory.at("disks").at(0)},
      {"boot_interface", boot_interface},
      {"configuration", {{"collectors", {"default", "pci-devices"}}, {"managers", json::array{}}}},
      {"pci_devices",
       {{{"vendor_id", "8086"}, {"product_id", "1592"}, {"bus", "0000:18:00.0"}},
        {{"vendor_id", "10de"}, {"product_id", "1eb8"}, {"bus", "0000:82:00.0"}}}},
      {"error", nullptr}};
  return json::serialize(report);
}

}  // namespace sim
