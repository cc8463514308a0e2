#include "tests/support/etcd_server.h"

#include "tests/support/flushing.h"
#include "tests/support/free_port.h"

#include <unistd.h>

#include <stdexcept>

namespace support {
namespace {

constexpr const char* kProgram = "/usr/bin/etcd";

}  // namespace

bool EtcdServer::installed() { return access(kProgram, X_OK) == 0; }

EtcdServer::EtcdServer(Options options)
    : options_(std::move(options)), port_(free_port()), peer_port_(free_port()) {
  if (options_.tls) certificates_ = make_certificates(folder_.path());
  start();
  if (options_.root_password.empty()) return;
  ctl({"user", "add", "root:" + options_.root_password});
  ctl({"user", "grant-role", "root", "root"});
  ctl({"auth", "enable"});
  users_checked_ = true;
}

EtcdServer::~EtcdServer() = default;

std::vector<std::string> EtcdServer::server_command() const {
  const std::string scheme = options_.tls ? "https://" : "http://";
  const std::string peer = "http://127.0.0.1:" + std::to_string(peer_port_);
  std::vector<std::string> command{kProgram, "--name", "test", "--data-dir",
                                   folder_.path() / "data", "--listen-client-urls", scheme + host(),
                                   "--advertise-client-urls", scheme + host(), "--listen-peer-urls",
                                   peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
                                   "test=" + peer, "--log-level", "warn",
                                   // A single member has nobody to wait for.
                                   "--heartbeat-interval", "20", "--election-timeout", "200"};
  if (!flushing()) command.emplace_back("--unsafe-no-fsync");
  const auto add = [&](const char* option, const std::string& value) {
    command.insert(command.end(), {option, value});
  };
  if (options_.tls) {
    add("--cert-file", certificates_->server);
    add("--key-file", certificates_->server_key);
  }
  if (options_.client_certificates) {
    add("--trusted-ca-file", certificates_->ca);
    command.emplace_back("--client-cert-auth");
  }
  return command;
}

std::string EtcdServer::url(const std::string& options, const std::string& user) const {
  std::string query = options;
  const auto add = [&](const std::string& name, const std::string& value) {
    query += (query.empty() ? "" : "&") + name + "=" + value;
  };
  if (options_.tls) add("ca_cert", certificates_->ca);
  if (options_.client_certificates) {
    add("cert_cert", certificates_->client);
    add("cert_key", certificates_->client_key);
  }
  return std::string(options_.tls ? "etcd3+https://" : "etcd3+http://") + user + host() +
         (query.empty() ? "" : "?" + query);
}

bool EtcdServer::answers() const {
  try {
    ctl({"--command-timeout=2s", "--dial-timeout=2s", "endpoint", "status"});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void EtcdServer::start() {
  process_ = std::make_unique<Process>(
      Process::Command{server_command(), {}, folder_.path() / "output", {}});
  eventually([this] { return answers() || !process_->running(); });
  if (!process_->running() || !answers())
    throw std::runtime_error("etcd does not answer: " + process_->output());
}

void EtcdServer::stop() { process_->stop(); }

void EtcdServer::kill() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
}

void EtcdServer::wipe() { std::filesystem::remove_all(folder_.path() / "data"); }
void EtcdServer::pause() { process_->freeze(); }
void EtcdServer::resume() { process_->thaw(); }

void EtcdServer::compact(std::int64_t revision) { ctl({"compact", std::to_string(revision)}); }

std::string EtcdServer::ctl(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{"etcdctl", "--endpoints=" + host()};
  const auto add = [&](const std::string& name, const std::string& value) {
    command.push_back("--" + name + "=" + value);
  };
  if (options_.tls) add("cacert", certificates_->ca);
  if (options_.client_certificates) {
    add("cert", certificates_->client);
    add("key", certificates_->client_key);
  }
  if (users_checked_) add("user", "root:" + options_.root_password);
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command, {{"ETCDCTL_API", "3"}});
}

}  // namespace support
