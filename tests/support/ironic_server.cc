#include "tests/support/ironic_server.h"

#include "tests/support/free_port.h"

#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace support {
namespace {

namespace fs = std::filesystem;
using Auth = IronicServer::Auth;

constexpr const char* kIronic = "/usr/bin/ironic";
constexpr const char* kDbsync = "/usr/bin/ironic-dbsync";

// `host` is under what name the API looks for the conductor: it has to resolve.
constexpr const char* kFixed = R"([DEFAULT]
rpc_transport = json-rpc
rbac_service_role_elevated_access = true
host = 127.0.0.1
my_ip = 127.0.0.1
enabled_hardware_types = fake-hardware
enabled_bios_interfaces = no-bios
enabled_boot_interfaces = fake,ipxe
enabled_console_interfaces = no-console
enabled_deploy_interfaces = fake,direct
enabled_inspect_interfaces = inspector
enabled_management_interfaces = fake
enabled_network_interfaces = noop
enabled_power_interfaces = fake
enabled_raid_interfaces = no-raid
enabled_rescue_interfaces = no-rescue
enabled_storage_interfaces = noop
enabled_vendor_interfaces = no-vendor
[conductor]
automated_clean = false
heartbeat_interval = 5
check_provision_state_interval = 5
send_sensor_data = false
[dhcp]
dhcp_provider = none
[oslo_messaging_notifications]
driver = noop
[inventory]
data_backend = database
)";

// What is set a second time counts. `noop` leaves a BMC's boot device as it is.
constexpr const char* kBmcs = R"([DEFAULT]
enabled_hardware_types = fake-hardware,ipmi
enabled_power_interfaces = fake,ipmitool
enabled_management_interfaces = fake,noop
[ipmi]
min_command_interval = 1
)";

const char* strategy(Auth auth) {
  return auth == Auth::kNone ? "noauth" : auth == Auth::kBasic ? "http_basic" : "keystone";
}

std::string user_lines(const std::string& keystone_url) {
  return "auth_type = password\nauth_url = " + keystone_url +
         "\nusername = ironic\npassword = secret\nuser_domain_name = Default\n"
         "project_name = service\nproject_domain_name = Default\n";
}

std::string credentials(const IronicServer::Options& options) {
  switch (options.auth) {
    case Auth::kNone:
      return "auth_type = none\n";
    case Auth::kBasic:
      return std::string("auth_type = http_basic\nusername = ") + IronicServer::kUser +
             "\npassword = " + IronicServer::kPassword + "\n";
    case Auth::kKeystone:
      break;
  }
  return user_lines(options.keystone_url) + "region_name = RegionOne\n";
}

std::string inspector_lines(const IronicServer::Options& options) {
  std::string lines = "[inspector]\n" + credentials(options) +
                      "status_check_period = 1\npower_off = true\nrequire_managed_boot = ";
  lines += options.requires_managed_boot ? "true\n" : "false\n";
  lines += "callback_endpoint_override = http://ramdisk-sees-this.example:5050\n";
  if (!options.inspector_url.empty())
    lines += "endpoint_override = " + options.inspector_url + "\n";
  return lines;
}

std::string folder_lines(const std::string& folder) {
  return "[pxe]\ntftp_root = " + folder + "/tftp\ntftp_master_path = " + folder +
         "/tftp/master\nimages_path = " + folder + "/images\ninstance_master_path = " + folder +
         "/images/master\n[deploy]\nhttp_root = " + folder +
         "/http\nhttp_url = http://127.0.0.1:1\n[oslo_concurrency]\nlock_path = " + folder +
         "/lock\n[conductor]\nfile_url_allowed_paths = " + folder +
         "\n[database]\nconnection = sqlite:///" + folder + "/ironic.sqlite\n";
}

std::string port_lines(std::uint16_t port, const IronicServer::Options& options) {
  return "[api]\nhost_ip = 127.0.0.1\napi_workers = 1\nport = " + std::to_string(port) +
         "\n[json_rpc]\nauth_strategy = noauth\nauth_type = none\nhost_ip = 127.0.0.1\nport = " +
         std::to_string(free_port()) +
         "\n[fake]\npower_delay = " + std::to_string(options.power_delay) + "\n";
}

}  // namespace

bool IronicServer::installed() { return access(kIronic, X_OK) == 0 && access(kDbsync, X_OK) == 0; }

std::string IronicServer::url_at(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

IronicServer::IronicServer(std::uint16_t port, const Options& options) : port_(port) {
  prepare(options);
  start();
}

IronicServer::~IronicServer() = default;

void IronicServer::prepare(const Options& options) {
  const fs::path& folder = folder_.path();
  for (const char* each : {"tftp/master", "images/master", "http", "lock", "state"})
    fs::create_directories(folder / each);
  std::ofstream config(folder / "ironic.conf");
  config << kFixed << port_lines(port_, options) << folder_lines(folder) << inspector_lines(options)
         << "[DEFAULT]\nstate_path = " << (folder / "state").string()
         << "\nauth_strategy = " << strategy(options.auth) << "\n";
  if (options.auth == Auth::kBasic) {
    const fs::path users = folder / "htpasswd";
    run({"htpasswd", "-cbB", users, kUser, kPassword});
    config << "http_basic_auth_user_file = " << users.string() << "\n";
  }
  if (options.auth == Auth::kKeystone)
    config << "[keystone_authtoken]\nwww_authenticate_uri = " << options.keystone_url << "\n"
           << user_lines(options.keystone_url);
  if (options.bmcs) config << kBmcs;
  config.close();
  run({kDbsync, "--config-file", folder / "ironic.conf", "create_schema"});
}

void IronicServer::start() {
  process_ = std::make_unique<Process>(
      Process::Command{.arguments = {kIronic, "--config-file", folder_.path() / "ironic.conf"},
                       .output = folder_.path() / "ironic.out",
                       .folder = folder_.path()});
  if (!eventually([&] { return answers() || !process_->running(); }, std::chrono::seconds(90)) ||
      !process_->running())
    throw std::runtime_error("Ironic does not start: " + process_->output());
}

bool IronicServer::answers() const {
  // The conductor comes first.
  return process_->output().find("ironic_api listening on") != std::string::npos;
}

}  // namespace support
