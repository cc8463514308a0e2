#include "tests/support/redis_server.h"

#include "tests/support/free_port.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

constexpr const char* kProgram = "/usr/bin/redis-server";

std::string escaped(std::string_view text) {
  std::string out;
  for (const unsigned char byte : text) {
    std::array<char, 4> hex{};
    std::snprintf(hex.data(), hex.size(), "%%%02X", byte);
    out += hex.data();
  }
  return out;
}

std::string redis_cli(std::vector<std::string> command, const std::vector<std::string>& arguments) {
  command.insert(command.begin(), {"redis-cli", "-h", "127.0.0.1", "--no-auth-warning"});
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command);
}

}  // namespace

bool RedisServer::installed() { return access(kProgram, X_OK) == 0; }

RedisServer::RedisServer(Options options) : options_(std::move(options)), port_(free_port()) {
  if (options_.tls) certificates_ = make_certificates(folder_.path());
  start();
}

RedisServer::~RedisServer() = default;

std::vector<std::string> RedisServer::server_command() const {
  std::vector<std::string> command{kProgram, "--bind", "127.0.0.1",   "--save",
                                   "",       "--dir",  folder_.path()};
  const auto add = [&](const char* option, const std::string& value) {
    command.insert(command.end(), {option, value});
  };
  add("--port", options_.tls ? "0" : std::to_string(port_));
  if (options_.keeps) {
    add("--appendonly", "yes");
    add("--appendfsync", "always");
  }
  if (options_.tls) {
    add("--tls-port", std::to_string(port_));
    add("--tls-cert-file", certificates_->server);
    add("--tls-key-file", certificates_->server_key);
    add("--tls-ca-cert-file", certificates_->ca);
    add("--tls-auth-clients", "no");
  }
  if (!options_.password.empty()) {
    add("--requirepass", options_.password);
    add("--masterauth", options_.password);
  }
  if (options_.replica_of != 0) {
    add("--replicaof", "127.0.0.1 " + std::to_string(options_.replica_of));
    add("--repl-diskless-sync-delay", "0");
  }
  command.insert(command.end(), options_.more.begin(), options_.more.end());
  return command;
}

std::string RedisServer::url(const std::string& options) const {
  std::string query = options;
  if (options_.tls)
    query += (query.empty() ? "" : "&") + ("ssl_ca_certs=" + certificates_->ca.string());
  return std::string(options_.tls ? "rediss://" : "redis://") +
         (options_.password.empty() ? "" : ":" + escaped(options_.password) + "@") + host() +
         (query.empty() ? "" : "?" + query);
}

std::string RedisServer::cli(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{"-p", std::to_string(port_)};
  if (options_.tls) command.insert(command.end(), {"--tls", "--cacert", certificates_->ca});
  if (!options_.password.empty()) command.insert(command.end(), {"-a", options_.password});
  return redis_cli(std::move(command), arguments);
}

bool RedisServer::answers() const {
  try {
    return cli({"PING"}).find("PONG") != std::string::npos;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void RedisServer::start() {
  process_ = std::make_unique<Process>(
      Process::Command{server_command(), {}, folder_.path() / "output", {}, {}});
  eventually([this] { return answers() || !process_->running(); });
  if (!process_->running() || !answers())
    throw std::runtime_error("redis-server does not answer: " + process_->output());
}

void RedisServer::stop() { process_->stop(); }

void RedisServer::kill() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
}

void RedisServer::pause() { process_->freeze(); }
void RedisServer::resume() { process_->thaw(); }

RedisSentinel::RedisSentinel(std::uint16_t master) : port_(free_port()) {
  const auto file = folder_.path() / "sentinel.conf";
  std::ofstream(file) << "bind 127.0.0.1\nport " << port_ << "\ndir " << folder_.path().string()
                      << "\nsentinel monitor mymaster 127.0.0.1 " << master
                      << " 1\nsentinel down-after-milliseconds mymaster 500"
                         "\nsentinel failover-timeout mymaster 3000\n";
  process_ = std::make_unique<Process>(
      Process::Command{{kProgram, file, "--sentinel"}, {}, folder_.path() / "output", {}, {}});
  const bool answers = eventually([this] {
    try {
      return this->master() != 0;
    } catch (const std::runtime_error&) {
      return false;
    }
  });
  if (!answers) throw std::runtime_error("Sentinel does not answer: " + process_->output());
}

std::string RedisSentinel::cli(const std::vector<std::string>& arguments) const {
  return redis_cli({"-p", std::to_string(port_)}, arguments);
}

std::uint16_t RedisSentinel::master() {
  std::istringstream lines(cli({"SENTINEL", "get-master-addr-by-name", "mymaster"}));
  std::string address;
  std::uint16_t port = 0;
  lines >> address >> port;
  return port;
}

bool RedisSentinel::sees_replica() {
  return cli({"INFO", "sentinel"}).find("slaves=1") != std::string::npos;
}

}  // namespace support
