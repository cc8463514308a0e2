#pragma once
#include "tests/support/certificates.h"
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace support {

/// A Redis on a free port of 127.0.0.1 that writes each change to its file before it answers.
/// Stopped and removed with the object. For one thread. Throws std::runtime_error with the server's
/// output.
class RedisServer {
 public:
  struct Options {
    bool tls = false;
    std::string password;           ///< not empty: asked for
    std::uint16_t replica_of = 0;   ///< the master's port; 0: it is one itself
    bool keeps = true;              ///< false: forgets all when it ends
    std::vector<std::string> more;  ///< arguments of the program
  };

  /// True when the program redis-server is installed.
  static bool installed();

  RedisServer() : RedisServer(Options{}) {}
  explicit RedisServer(Options options);
  ~RedisServer();

  std::uint16_t port() const noexcept { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  /// For tooz: redis://… or rediss://… with the authority, the password if there is one, and
  /// `options` ("timeout=2").
  std::string url(const std::string& options = "") const;
  const Certificates& certificates() const { return *certificates_; }

  void stop();   ///< SIGTERM, and waits
  void kill();   ///< SIGKILL, and waits
  void start();  ///< again, on the same port with the same data; waits until it answers
  void pause();  ///< SIGSTOP
  void resume();

  const std::string& password() const noexcept { return options_.password; }
  bool tls() const noexcept { return options_.tls; }

  /// redis-cli with what it needs to reach this server, or one with the same password and TLS at
  /// another port.
  std::vector<std::string> client(std::uint16_t port) const;
  /// Runs redis-cli against the server.
  std::string cli(const std::vector<std::string>& arguments) const;

 private:
  std::vector<std::string> server_command() const;
  bool answers() const;

  const Options options_;
  TempFolder folder_;
  std::optional<Certificates> certificates_;
  std::uint16_t port_;
  std::unique_ptr<Process> process_;
};

/// A Sentinel that watches one master, named `mymaster`, and by itself decides that it is down,
/// after half a second. It asks for the master's password and speaks TLS if the master does.
class RedisSentinel {
 public:
  explicit RedisSentinel(const RedisServer& master);

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::uint16_t master();  ///< the port of the server that it names
  /// Whether it knows of a replica that can take over.
  bool sees_replica();

 private:
  std::vector<std::string> configuration(const RedisServer& master) const;

  TempFolder folder_;
  std::uint16_t port_;
  const std::vector<std::string> client_;  // redis-cli with its options
  std::unique_ptr<Process> process_;
};

}  // namespace support
