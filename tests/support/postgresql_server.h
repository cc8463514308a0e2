#pragma once
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <string>

namespace support {

/// A PostgreSQL of a test's own, on a free port of 127.0.0.1; its data goes with it. Run by root it
/// works as the user `postgres`, because the server refuses to be root. For one thread. Everything
/// throws std::runtime_error with what the server said.
class PostgresqlServer {
 public:
  PostgresqlServer();  ///< returns when it answers
  ~PostgresqlServer();

  static bool installed();  ///< Debian's package `postgresql`

  /// Makes an empty database and returns its URL, with user and password.
  std::string make_database();
  /// Of a database that may not exist, or with another password.
  std::string url(const std::string& database, const std::string& password = "test") const;

  void start();  ///< again, with the data that is there
  void stop();   ///< cuts all connections in an orderly way
  void kill();   ///< as a crash does

 private:
  std::filesystem::path data() const { return folder_.path() / "data"; }
  bool answers() const;

  TempFolder folder_;
  std::uint16_t port_;
  int databases_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace support
