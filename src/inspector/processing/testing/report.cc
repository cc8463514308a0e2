#include "inspector/processing/testing/report.h"

namespace inspector::testing {
namespace {

namespace json = boost::json;

constexpr std::string_view kReport = R"json({
  "inventory": {
    "interfaces": [
      {"name": "eno1", "mac_address": "52:54:00:8a:10:01", "ipv4_address": "172.22.0.41",
       "ipv6_address": "fe80::5054:ff:fe8a:1001%eno1", "has_carrier": true,
       "lldp": [[1, "0464d1547f2a00"], [2, "0545746865726e6574312f3137"], [3, "0078"],
                [4, "7261636b30372d626d2d3137"], [5, "6c6561662d3037"],
                [6, "4578616d706c65204e4f5320342e32"], [7, "00140014"],
                [8, "0501ac1600fe020000000100"],
                [127, "0080c2010065"], [127, "0080c203006507766c616e313031"],
                [127, "00120f042400"], [127, "00120f010300000021"], [0, ""]],
       "vendor": "0x8086", "product": "0x1592", "client_id": null, "biosdevname": null, "speed_mbps": 25000,
       "pci_address": "0000:18:00.0", "driver": "ice"},
      {"name": "eno2", "mac_address": "52:54:00:8a:10:02", "ipv4_address": null, "ipv6_address": null,
       "has_carrier": true,
       "lldp": [[1, "0464d1547f2b00"], [2, "0545746865726e6574312f3137"], [3, "0078"],
                [5, "6c6561662d3038"], [0, ""]],
       "vendor": "0x8086", "product": "0x1592", "client_id": null, "biosdevname": null, "speed_mbps": 25000,
       "pci_address": "0000:18:00.1", "driver": "ice"}
    ],
    "disks": [
      {"name": "/dev/nvme0n1", "model": "EXAMPLE NVMe 960G", "size": 960197124096, "rotational": false,
       "wwn": "eui.0025385b01402a11", "serial": "S4EXN0K100017", "vendor": null,
       "wwn_with_extension": "eui.0025385b01402a11", "wwn_vendor_extension": null, "hctl": null,
       "by_path": "/dev/disk/by-path/pci-0000:5e:00.0-nvme-1", "logical_sectors": 512, "physical_sectors": 512},
      {"name": "/dev/sda", "model": "EXAMPLE HDD 4T", "size": 4000787030016, "rotational": true,
       "wwn": "0x5000c500a1b2c3d4", "serial": "ZC1000AA", "vendor": "ATA",
       "wwn_with_extension": "0x5000c500a1b2c3d4", "wwn_vendor_extension": null, "hctl": "0:0:0:0",
       "by_path": "/dev/disk/by-path/pci-0000:00:17.0-ata-1", "logical_sectors": 512, "physical_sectors": 4096}
    ],
    "cpu": {"model_name": "Example CPU 6330 @ 2.00GHz", "frequency": "3100.0000", "count": 56, "socket_count": 2,
            "architecture": "x86_64", "flags": ["fpu", "vmx", "aes", "pse", "pdpe1gb", "smx", "avx2"]},
    "memory": {"total": 270291124224, "physical_mb": 262144},
    "bmc_address": "192.0.2.17", "bmc_v6address": "::/0", "bmc_mac": "52:54:00:8a:1f:17",
    "system_vendor": {"product_name": "Example R7", "serial_number": "EX7-00017", "manufacturer": "Example Inc.",
                      "firmware": {"vendor": "Example Inc.", "version": "2.4.1", "build_date": "05/14/2025"}},
    "boot": {"current_boot_mode": "uefi", "pxe_interface": "52:54:00:8a:10:01"},
    "hostname": "localhost.localdomain"
  },
  "root_disk": {"name": "/dev/nvme0n1", "model": "EXAMPLE NVMe 960G", "size": 960197124096, "rotational": false,
                "wwn": "eui.0025385b01402a11", "serial": "S4EXN0K100017", "vendor": null,
                "wwn_with_extension": "eui.0025385b01402a11", "wwn_vendor_extension": null, "hctl": null,
                "by_path": "/dev/disk/by-path/pci-0000:5e:00.0-nvme-1"},
  "boot_interface": "01-52-54-00-8a-10-01",
  "configuration": {"collectors": ["default", "logs", "pci-devices", "extra-hardware"],
                    "managers": [{"name": "generic_hardware_manager", "version": "1.2"}]},
  "pci_devices": [
    {"vendor_id": "8086", "product_id": "1592", "class": "020000", "revision": "02", "bus": "0000:18:00.0", "numa_node_id": "0"},
    {"vendor_id": "10de", "product_id": "1eb8", "class": "030200", "revision": "a1", "bus": "0000:82:00.0", "numa_node_id": "1"}
  ],
  "data": [["cpu", "logical", "number", "56"], ["memory", "total", "size", "274877906944"],
           ["disk", "nvme0n1", "size", "960"], ["network", "eno1", "serial", "52:54:00:8a:10:01"],
           ["system", "product", "name", "Example R7"]],
  "error": null,
  "logs": "H4sIAAAAAAAAA+3OMQ6AIBAEQL7CE8QT"
}
)json";

}  // namespace

std::string_view report_text() noexcept { return kReport; }

json::object report(const Machine& machine) {
  json::object made = json::parse(kReport).get_object();
  json::object& inventory = made.at("inventory").get_object();
  auto& interfaces = inventory.at("interfaces").get_array();
  interfaces[0].get_object()["mac_address"] = json::value(machine.boot_mac);
  interfaces[1].get_object()["mac_address"] = json::value(machine.other_mac);
  inventory["bmc_address"] = json::value(machine.bmc);
  inventory["boot"].get_object()["pxe_interface"] = json::value(machine.boot_mac);
  std::string pxelinux = "01-" + machine.boot_mac;
  for (char& c : pxelinux)
    if (c == ':') c = '-';
  made["boot_interface"] = json::value(pxelinux);
  return made;
}

}  // namespace inspector::testing
