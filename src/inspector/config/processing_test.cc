#include "inspector/config/processing.h"

#include "base/ini.h"
#include "inspector/config/ironic.h"

#include <gtest/gtest.h>

#include <functional>

namespace inspector {
namespace {

using Names = std::vector<std::string>;
using std::chrono::milliseconds;
using std::chrono::seconds;

base::Ini ini_of(std::string_view text) {
  base::Ini ini;
  ini.read_text(text, "i.conf");
  return ini;
}

TEST(ProcessingOptions, DefaultsAreUpstreams) {
  const auto o = read_processing(ini_of(""));
  EXPECT_EQ(o.processing_hooks, (Names{"ramdisk_error", "root_disk_selection", "scheduler",
                                       "validate_interfaces", "capabilities", "pci_devices"}));
  EXPECT_EQ(o.add_ports, ProcessingOptions::AddPorts::kPxe);
  EXPECT_EQ(o.keep_ports, ProcessingOptions::KeepPorts::kAll);
  EXPECT_TRUE(o.overwrite_existing && o.update_pxe_enabled && o.disk_partitioning_spacing);
  EXPECT_TRUE(o.power_off && !o.permit_active_introspection && !o.boot_mode);
  EXPECT_EQ(o.store_data, "none");
  EXPECT_TRUE(o.ramdisk_logs_dir.empty() && !o.always_store_ramdisk_logs);
  EXPECT_EQ(o.ramdisk_logs_filename_format, "{uuid}_{dt:%Y%m%d-%H%M%S.%f}.tar.gz");
  EXPECT_EQ(o.cpu_flags.size(), 6U);
  EXPECT_EQ(o.cpu_flags[4], std::pair(std::string("pdpe1gb"), std::string("cpu_hugepages_1g")));
  EXPECT_TRUE(o.pci_aliases.empty() && o.cidr_map.empty() && o.known_accelerators.empty());
  EXPECT_FALSE(o.strict_extra_hardware);
  EXPECT_EQ(o.node_not_found, ProcessingOptions::NotFound::kReject);
  EXPECT_EQ(o.enroll_driver, "fake-hardware");
  EXPECT_TRUE(o.enroll_fields.empty());
  EXPECT_EQ(o.enroll_bmc_versions, (std::vector{4, 6}));
}

TEST(ProcessingOptions, HooksFollowTheDefaultOnesThatAreReferredTo) {
  auto ini = ini_of("[processing]\nprocessing_hooks = a, $default_processing_hooks ,,b\n");
  ini.declare_default("processing", "default_processing_hooks", "x,y");
  EXPECT_EQ(read_processing(ini).processing_hooks, (Names{"a", "x", "y", "b"}));
  EXPECT_EQ(
      read_processing(ini_of("[processing]\ndefault_processing_hooks = c,d\n")).processing_hooks,
      (Names{"c", "d"}));
}

TEST(ProcessingOptions, EveryOptionIsRead) {
  const auto o = read_processing(
      ini_of("[processing]\nadd_ports = disabled\nkeep_ports = present\noverwrite_existing = no\n"
             "update_pxe_enabled = no\ndisk_partitioning_spacing = no\npower_off = no\n"
             "permit_active_introspection = yes\nstore_data = database\nramdisk_logs_dir = /logs\n"
             "always_store_ramdisk_logs = yes\n[capabilities]\nboot_mode = yes\ncpu_flags = a:b\n"
             "[pci_devices]\nalias = {\"a\":1}\nalias = {\"b\":2}\n[extra_hardware]\nstrict = yes\n"
             "[accelerators]\nknown_devices = /k.yaml\n"
             "[port_physnet]\ncidr_map = 10.0.0.0/8:a, fd00::/8:b\n"));
  EXPECT_EQ(o.add_ports, ProcessingOptions::AddPorts::kDisabled);
  EXPECT_EQ(o.keep_ports, ProcessingOptions::KeepPorts::kPresent);
  EXPECT_FALSE(o.overwrite_existing || o.update_pxe_enabled || o.disk_partitioning_spacing);
  EXPECT_FALSE(o.power_off);
  EXPECT_TRUE(o.permit_active_introspection && o.always_store_ramdisk_logs && o.boot_mode);
  EXPECT_EQ(o.store_data, "database");
  EXPECT_EQ(o.ramdisk_logs_dir, "/logs");
  EXPECT_EQ(o.cpu_flags.size(), 1U);
  EXPECT_EQ(o.pci_aliases, (Names{"{\"a\":1}", "{\"b\":2}"}));
  EXPECT_TRUE(o.strict_extra_hardware);
  EXPECT_EQ(o.known_accelerators, "/k.yaml");
  EXPECT_EQ(o.cidr_map, (Names{"10.0.0.0/8:a", "fd00::/8:b"}));
}

TEST(ProcessingOptions, DiscoveryIsRead) {
  const auto o = read_processing(
      ini_of("[processing]\nnode_not_found_hook = enroll\n[discovery]\n"
             "enroll_node_driver = ipmi\nenroll_node_fields = owner:me,power_interface:ipmitool\n"
             "enabled_bmc_address_version = 6\n"));
  EXPECT_EQ(o.node_not_found, ProcessingOptions::NotFound::kEnroll);
  EXPECT_EQ(o.enroll_driver, "ipmi");
  EXPECT_EQ(o.enroll_fields.at(1),
            std::pair(std::string("power_interface"), std::string("ipmitool")));
  EXPECT_EQ(o.enroll_bmc_versions, std::vector{6});
}

constexpr std::string_view kPlain =
    "[ironic]\nauth_type = none\nendpoint_override = http://192.0.2.1:6385\n";

TEST(IronicOptions, DefaultsAreFiveAttemptsASecondApart) {
  const auto o = read_ironic(ini_of(kPlain));
  EXPECT_EQ(o.auth.type, ServiceAuth::Type::kNone);
  EXPECT_EQ(o.endpoint.override_url, "http://192.0.2.1:6385");
  EXPECT_EQ(o.attempts, 5);
  EXPECT_EQ(o.retry_pause, seconds(1));
  EXPECT_EQ(o.connect_attempts, 5);
  EXPECT_EQ(o.connect_pause, seconds(1));
  EXPECT_EQ(o.timeout, seconds(60));
  EXPECT_FALSE(o.client.insecure);
}

TEST(IronicOptions, RetriesAreThoseOfKeystoneauth) {
  const auto o =
      read_ironic(ini_of(std::string(kPlain) + "status_code_retries = 30\nconnect_retries = 2\n"
                                               "status_code_retry_delay = 0.25\ntimeout = 7\n"
                                               "connect_retry_delay = 20\n"));
  EXPECT_EQ(o.attempts, 31);
  EXPECT_EQ(o.retry_pause, milliseconds(250));
  EXPECT_EQ(o.connect_attempts, 3);
  EXPECT_EQ(o.connect_pause, seconds(20));
  EXPECT_EQ(o.timeout, seconds(7));
  EXPECT_EQ(read_ironic(ini_of(std::string(kPlain) + "status_code_retries = 0\n")).attempts, 1);
}

TEST(IronicOptions, CredentialsMayStandInASectionOfTheirOwn) {
  const auto o = read_ironic(
      ini_of("[ironic]\nauth_section = who\n[who]\nauth_type = http_basic\nusername = u\n"
             "password = p$$w\nendpoint = https://ironic.example/baremetal\n"));
  EXPECT_EQ(o.auth.type, ServiceAuth::Type::kHttpBasic);
  EXPECT_EQ(o.auth.username, "u");
  EXPECT_EQ(o.auth.password, "p$w");
  EXPECT_EQ(o.endpoint.override_url, "https://ironic.example/baremetal");
}

TEST(ProcessingOptions, WrongValuesAreNamed) {
  using Read = std::function<void(const base::Ini&)>;
  const Read processing = [](const base::Ini& i) { read_processing(i); };
  const Read ironic = [](const base::Ini& i) { read_ironic(i); };
  const std::string endpoint =
      "[ironic]endpoint_override: accepted: http://, https:// or http+unix:// with host, port and "
      "path, without user, query or fragment";
  const struct {
    Read read;
    std::string_view lines;
    std::string text;
  } kCases[] = {
      {processing, "[processing]\nadd_ports = some\n",
       "i.conf:2: [processing]add_ports = some: accepted are all, active, pxe, disabled"},
      {processing, "[processing]\nkeep_ports = some\n",
       "i.conf:2: [processing]keep_ports = some: accepted are all, present, added"},
      {processing, "[processing]\nstore_data = ceph\n",
       "i.conf:2: [processing]store_data = ceph: accepted are none, database, swift"},
      {processing, "[processing]\nnode_not_found_hook = find\n",
       "i.conf:2: [processing]node_not_found_hook = find: accepted are enroll, example"},
      {processing, "[discovery]\nenabled_bmc_address_version = 4,5\n",
       "i.conf:2: [discovery]enabled_bmc_address_version = 4,5: each must be 4 or 6"},
      {processing, "[capabilities]\ncpu_flags = vmx\n",
       "i.conf:2: [capabilities]cpu_flags = vmx: `vmx` is not key:value"},
      {ironic, "", "[ironic]auth_type = password needs [ironic]auth_url"},
      {ironic, "[ironic]\nauth_type = v3password\n",
       "[ironic]auth_type = v3password needs [ironic]auth_url"},
      {ironic, "[ironic]\nauth_type = none\n",
       "[ironic]endpoint_override is not set; accepted: Ironic's URL, as http://192.0.2.1:6385"},
      {ironic, "[ironic]\nauth_type = none\nendpoint_override = ironic:6385\n", endpoint},
      {ironic, "[ironic]\nauth_type = none\nendpoint_override = http://u:secret@h\n", endpoint},
      {ironic, "[ironic]\nauth_type = none\nendpoint_override = http://h/?x=1\n", endpoint},
      {ironic, "[ironic]\nauth_type = http_basic\nendpoint_override = http://h\n",
       "[ironic]auth_type = http_basic needs [ironic]username, a name without ':'"},
      {ironic,
       "[ironic]\nauth_type = none\nendpoint_override = http://h\nstatus_code_retry_delay = -1\n",
       "i.conf:4: [ironic]status_code_retry_delay = -1: accepted: 0 to 3600 seconds"},
      {ironic,
       "[ironic]\nauth_type = none\nendpoint_override = http://h\nconnect_retry_delay = x\n",
       "i.conf:4: [ironic]connect_retry_delay = x: not a number"},
      {ironic, "[ironic]\nauth_type = none\nendpoint_override = http://h\ncafile = /nonexistent\n",
       "i.conf:4: [ironic]cafile = /nonexistent: cannot be read: No such file or directory"},
      {ironic,
       "[ironic]\nauth_type = none\nendpoint_override = http://h\nvalid_interfaces = publik\n",
       "i.conf:4: [ironic]valid_interfaces = publik: accepted: public, internal, admin"},
      {ironic, "[ironic]\nauth_url = http://k\nusername = u\npassword = p\nsystem_scope = some\n",
       "i.conf:5: [ironic]system_scope = some: accepted: all"},
      {ironic, "[ironic]\nauth_type = none\nendpoint_override = http://h\ncertfile = /dev/null\n",
       "[ironic]certfile and [ironic]keyfile: one needs the other"},
      {ironic, "[ironic]\nauth_type = none\nendpoint_override = http://h\ntimeout = 0\n",
       "i.conf:4: [ironic]timeout = 0: not an integer from 1 to 3600"},
  };
  for (const auto& c : kCases) {
    try {
      c.read(ini_of(c.lines));
      ADD_FAILURE() << "accepted: " << c.lines;
    } catch (const base::ConfigError& error) {
      EXPECT_EQ(error.what(), c.text);
    }
  }
}

}  // namespace
}  // namespace inspector
