#pragma once
#include "tests/support/certificates.h"
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace support {

/// An etcd of one member on free ports of 127.0.0.1 with its data in a temporary folder. Stopped
/// and removed with the object. For one thread.
class EtcdServer {
 public:
  struct Options {
    bool tls = false;
    bool client_certificates = false;  ///< with tls: none, no service
    std::string root_password;         ///< not empty: users are checked, root has this one
  };

  /// True when the program etcd is installed.
  static bool installed();

  /// Starts, and waits until it answers. Throws std::runtime_error with the server's output.
  EtcdServer() : EtcdServer(Options{}) {}
  explicit EtcdServer(Options options);
  ~EtcdServer();

  std::uint16_t port() const noexcept { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  /// For tooz: etcd3+http://… or etcd3+https://… with the certificates, user root if users are
  /// checked, and `options` ("timeout=2"). No password: `user` ("name:word@") comes before the
  /// host.
  std::string url(const std::string& options = "", const std::string& user = "") const;
  const Certificates& certificates() const { return *certificates_; }

  void stop();    ///< SIGTERM, and waits
  void kill();    ///< SIGKILL, and waits
  void start();   ///< again, on the same port with the same data; waits until it answers
  void wipe();    ///< while stopped: forgets all data
  void pause();   ///< SIGSTOP
  void resume();  ///< SIGCONT
  void compact(std::int64_t revision);

  /// Runs etcdctl against the server, as root if users are checked. Throws std::runtime_error.
  std::string ctl(const std::vector<std::string>& arguments) const;

 private:
  std::vector<std::string> server_command() const;
  bool answers() const;

  const Options options_;
  TempFolder folder_;
  std::optional<Certificates> certificates_;
  std::uint16_t port_;
  std::uint16_t peer_port_;
  bool users_checked_ = false;
  std::unique_ptr<Process> process_;
};

}  // namespace support
