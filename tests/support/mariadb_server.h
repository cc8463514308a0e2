#pragma once
#include "tests/support/certificates.h"
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace support {

/// A MariaDB of a test's own, on a free port of 127.0.0.1; its data goes with it. It works as
/// whoever runs the test. For one thread. Everything throws std::runtime_error with what the server
/// said.
class MariadbServer {
 public:
  struct Options {
    bool tls = false;                  ///< clients may use it
    bool client_certificates = false;  ///< with tls: none, no service
  };

  static bool installed();  ///< Debian's package `mariadb-server`

  /// Starts, and waits until it answers. There is a database and a user `test`, password `test`.
  MariadbServer() : MariadbServer(Options{}) {}
  explicit MariadbServer(Options options);
  ~MariadbServer();

  std::uint16_t port() const noexcept { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::filesystem::path socket() const { return folder_.path() / "socket"; }
  /// mysql://test:test@127.0.0.1:port/test, without options.
  std::string url(const std::string& database = "test", const std::string& password = "test") const;
  /// Makes an empty database and returns its URL.
  std::string make_database();
  const Certificates& certificates() const { return *certificates_; }

  /// Again, on the same port with the data that is there; `more` is for mariadbd.
  void start(const std::vector<std::string>& more = {});
  void stop();    ///< in an orderly way
  void kill();    ///< SIGKILL, and waits
  void pause();   ///< SIGSTOP
  void resume();  ///< SIGCONT

  /// Runs statements as the server's root; returns the rows, columns separated by tabs.
  std::string sql(const std::string& statements) const;

 private:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  bool answers() const;

  const Options options_;
  TempFolder folder_;
  std::optional<Certificates> certificates_;
  std::uint16_t port_;
  int databases_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace support
