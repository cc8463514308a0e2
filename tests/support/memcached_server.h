#pragma once
#include "tests/support/process.h"

#include <cstdint>
#include <memory>

namespace support {

/// A memcached on a free port of 127.0.0.1. For one thread. Throws std::runtime_error with the
/// server's output.
class MemcachedServer {
 public:
  /// True when the program memcached is installed.
  static bool installed();

  /// `more`: arguments of the program.
  explicit MemcachedServer(std::vector<std::string> more = {});
  ~MemcachedServer();

  std::uint16_t port() const noexcept { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  /// For tooz, with `options` ("timeout=2").
  std::string url(const std::string& options = "") const;

  void stop();
  void kill();
  void start();  ///< again, on the same port, empty; waits until it answers
  void pause();  ///< SIGSTOP
  void resume();

  /// The server's answer to `commands`, which end with the command `quit`.
  std::string ask(const std::string& commands) const;

 private:
  bool answers() const;

  const std::vector<std::string> more_;
  TempFolder folder_;
  const std::uint16_t port_;
  std::unique_ptr<Process> process_;
};

}  // namespace support
