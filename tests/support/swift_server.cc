#include "tests/support/swift_server.h"

#include "tests/support/free_port.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace support {
namespace {

constexpr std::array kStorage = {"account", "container", "object"};

// As swift-ring-builder does, in one process: 16 partitions with one replica on one device.
constexpr const char* kRings = R"(
import sys
from swift.common.ring import RingBuilder
for each in sys.argv[2:]:
    kind, port = each.split('=')
    builder = RingBuilder(4, 1, 0)
    builder.add_dev({'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': int(port), 'device': 'd1',
                     'weight': 1, 'replication_ip': '127.0.0.1', 'replication_port': int(port)})
    builder.rebalance()
    builder.get_ring().save(f'{sys.argv[1]}/{kind}.ring.gz')
)";

std::string server(const std::string& kind) { return "/usr/bin/swift-" + kind + "-server"; }

std::string user() {
  const passwd* ours = getpwuid(geteuid());
  return ours != nullptr ? ours->pw_name : "root";
}

std::string common_lines(const std::string& folder, std::uint16_t port) {
  return "[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = " + std::to_string(port) +
         "\nswift_dir = " + folder + "\nuser = " + user() + "\nworkers = 0\n";
}

}  // namespace

bool SwiftServer::installed() {
  return access(server("proxy").c_str(), X_OK) == 0 &&
         std::ranges::all_of(
             kStorage,
             [](const std::string& kind) { return access(server(kind).c_str(), X_OK) == 0; }) &&
         MemcachedServer::installed();
}

SwiftServer::SwiftServer(const Options& options)
    : port_(options.port != 0 ? options.port : free_port()) {
  std::filesystem::create_directories(folder_.path() / "devices" / "d1");
  const std::vector<std::uint16_t> ports{free_port(), free_port(), free_port()};
  write_rings(ports);
  for (std::size_t i = 0; i < kStorage.size(); ++i) {
    write_storage(kStorage.at(i), ports.at(i));
    storage_.push_back(run_server(kStorage.at(i)));
  }
  write_proxy(options.keystone_url);
  start();
}

SwiftServer::~SwiftServer() = default;

void SwiftServer::write_rings(const std::vector<std::uint16_t>& ports) const {
  std::vector<std::string> command{"/usr/bin/python3", "-c", kRings, folder_.path()};
  for (std::size_t i = 0; i < kStorage.size(); ++i)
    command.push_back(std::string(kStorage.at(i)) + "=" + std::to_string(ports.at(i)));
  run(command);
}

void SwiftServer::write_storage(const std::string& kind, std::uint16_t port) const {
  std::ofstream(folder_.path() / (kind + ".conf"))
      << common_lines(folder_.path(), port) << "devices = " << (folder_.path() / "devices").string()
      << "\nmount_check = false\n[pipeline:main]\npipeline = " << kind << "-server\n[app:" << kind
      << "-server]\nuse = egg:swift#" << kind << "\ndisable_fallocate = true\n";
}

void SwiftServer::write_proxy(const std::string& keystone_url) const {
  const bool tempauth = keystone_url.empty();
  std::ofstream config(folder_.path() / "proxy.conf");
  config << common_lines(folder_.path(), port_)
         << "[pipeline:main]\npipeline = catch_errors healthcheck cache "
         << (tempauth ? "tempauth" : "authtoken keystoneauth")
         << " proxy-server\n[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
            "[filter:catch_errors]\nuse = egg:swift#catch_errors\n"
            "[filter:healthcheck]\nuse = egg:swift#healthcheck\n"
            "[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = "
         << memcached_.host() << "\n";
  if (tempauth)
    config << "[filter:tempauth]\nuse = egg:swift#tempauth\nuser_test_tester = " << kPassword
           << " .admin\n";
  else
    config << "[filter:authtoken]\npaste.filter_factory = keystonemiddleware.auth_token:"
              "filter_factory\nauth_type = password\nauth_url = "
           << keystone_url << "\nwww_authenticate_uri = " << keystone_url
           << "\nusername = inspector\npassword = secret\nuser_domain_name = Default\n"
              "project_name = service\nproject_domain_name = Default\n"
              "[filter:keystoneauth]\nuse = egg:swift#keystoneauth\n"
              "operator_roles = admin, service\n";
}

std::unique_ptr<Process> SwiftServer::run_server(const std::string& kind) const {
  return std::make_unique<Process>(
      Process::Command{.arguments = {server(kind), folder_.path() / (kind + ".conf"), "-v"},
                       .output = folder_.path() / (kind + ".log"),
                       .folder = folder_.path()});
}

void SwiftServer::start() {
  proxy_ = run_server("proxy");
  if (!eventually([&] { return answers() || !proxy_->running(); }, std::chrono::seconds(90)) ||
      !proxy_->running())
    throw std::runtime_error("Swift does not start: " + proxy_->output());
}

void SwiftServer::stop() { proxy_->stop(); }

bool SwiftServer::answers() const {
  try {
    run({"curl", "-sf", "--max-time", "10", url() + "/healthcheck"});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace support
