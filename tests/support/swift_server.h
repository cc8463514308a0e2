#pragma once
#include "tests/support/memcached_server.h"
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace support {

/// Debian's Swift on free ports of 127.0.0.1: a proxy, and one server each for accounts, containers
/// and objects with one replica in a folder, whose file system must have user attributes. Its users
/// are tempauth's (kUser), or Keystone's. For one thread.
class SwiftServer {
 public:
  static constexpr const char* kUser = "test:tester";
  static constexpr const char* kPassword = "testing";

  /// True when Swift's four packages and memcached are installed.
  static bool installed();

  struct Options {
    std::string keystone_url;  ///< not empty: tokens are Keystone's, of the role service
    std::uint16_t port = 0;    ///< of the proxy; 0: a free one
  };
  /// Waits until the proxy answers, some 5 s. Throws std::runtime_error with the output of what
  /// failed.
  explicit SwiftServer(const Options& options);
  SwiftServer() : SwiftServer(Options{}) {}
  ~SwiftServer();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string auth_url() const { return url() + "/auth/v1.0"; }  ///< of tempauth

  void stop();   ///< the proxy
  void start();  ///< again; waits until it answers

 private:
  void write_rings(const std::vector<std::uint16_t>& ports) const;
  void write_storage(const std::string& kind, std::uint16_t port) const;
  void write_proxy(const std::string& keystone_url) const;
  std::unique_ptr<Process> run_server(const std::string& kind) const;
  bool answers() const;

  TempFolder folder_;
  std::uint16_t port_;
  MemcachedServer memcached_;
  std::vector<std::unique_ptr<Process>> storage_;
  std::unique_ptr<Process> proxy_;
};

}  // namespace support
