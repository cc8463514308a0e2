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

std::vector<std::string> RedisServer::client(std::uint16_t port) const {
  std::vector<std::string> command{"redis-cli",         "-h", "127.0.0.1",
                                   "--no-auth-warning", "-p", std::to_string(port)};
  if (options_.tls) command.insert(command.end(), {"--tls", "--cacert", certificates_->ca});
  if (!options_.password.empty()) command.insert(command.end(), {"-a", options_.password});
  return command;
}

std::string RedisServer::cli(const std::vector<std::string>& arguments) const {
  return redis_cli(client(port_), arguments);
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

RedisSentinel::RedisSentinel(const RedisServer& master)
    : port_(free_port()), client_(master.client(port_)) {
  const auto file = folder_.path() / "sentinel.conf";
  std::ofstream out(file);
  for (const std::string& line : configuration(master))
    out << line << "\n";
  out.close();
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

std::vector<std::string> RedisSentinel::configuration(const RedisServer& master) const {
  const std::string port = std::to_string(port_);
  std::vector<std::string> lines{
      "bind 127.0.0.1", "dir " + folder_.path().string(),
      "sentinel monitor mymaster 127.0.0.1 " + std::to_string(master.port()) + " 1",
      "sentinel down-after-milliseconds mymaster 500", "sentinel failover-timeout mymaster 3000"};
  if (!master.password().empty())
    lines.insert(lines.end(), {"requirepass " + master.password(),
                               "sentinel auth-pass mymaster " + master.password()});
  if (!master.tls()) {
    lines.push_back("port " + port);
    return lines;
  }
  const Certificates& files = master.certificates();
  lines.insert(lines.end(), {"port 0", "tls-port " + port, "tls-replication yes",
                             "tls-auth-clients no", "tls-cert-file " + files.server.string(),
                             "tls-key-file " + files.server_key.string(),
                             "tls-ca-cert-file " + files.ca.string()});
  return lines;
}

std::uint16_t RedisSentinel::master() {
  std::istringstream lines(redis_cli(client_, {"SENTINEL", "get-master-addr-by-name", "mymaster"}));
  std::string address;
  std::uint16_t port = 0;
  lines >> address >> port;
  return port;
}

bool RedisSentinel::sees_replica() {
  return redis_cli(client_, {"INFO", "sentinel"}).find("slaves=1") != std::string::npos;
}

}  // namespace support
