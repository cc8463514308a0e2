#pragma once
#include "tests/support/certificates.h"
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace support {

/// A PostgreSQL of a test's own, on a free port of 127.0.0.1; its data goes with it. Run by root it
/// works as the user `postgres`, because the server refuses to be root. For one thread. Everything
/// throws std::runtime_error with what the server said.
class PostgresqlServer {
 public:
  struct Options {
    bool tls = false;                              ///< clients may use it
    bool client_certificates = false;              ///< with tls: none, no service
    const PostgresqlServer* standby_of = nullptr;  ///< replays what that one does
  };

  PostgresqlServer() : PostgresqlServer(Options{}) {}  ///< returns when it answers
  explicit PostgresqlServer(const Options& options);
  ~PostgresqlServer();

  static bool installed();  ///< Debian's package `postgresql`

  /// Makes an empty database and returns its URL, with user and password.
  std::string make_database();
  /// Of a database that may not exist, or with another password.
  std::string url(const std::string& database, const std::string& password = "test") const;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const noexcept { return port_; }
  const Certificates& certificates() const { return *certificates_; }

  void start();   ///< again, with the data that is there
  void stop();    ///< cuts all connections in an orderly way
  void kill();    ///< as a crash does
  void pause();   ///< SIGSTOP to all its processes
  void resume();  ///< SIGCONT

  /// Runs statements as the superuser `test` in a database; returns the rows, `|` between columns.
  std::string sql(const std::string& statements, const std::string& database = "postgres") const;

 private:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  bool answers() const;
  void copy_from(const PostgresqlServer& primary);
  void use_certificates();
  std::vector<pid_t> children() const;

  const Options options_;
  TempFolder folder_;
  std::optional<Certificates> certificates_;
  std::uint16_t port_;
  int databases_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace support
