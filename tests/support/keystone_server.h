#pragma once
#include "tests/support/process.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace support {

/// Debian's Keystone on a free port of 127.0.0.1 (SQLite, gunicorn), with a service user
/// `inspector` (password `secret`, role service in the project `service`, domain Default) and
/// another, `ironic`, with the role admin there, endpoints of `baremetal` and more in its
/// catalogue, and one caller for each role. Takes some 20 s to start. For one thread.
class KeystoneServer {
 public:
  /// True when the packages keystone and gunicorn are installed.
  static bool installed();

  /// @param baremetal_url what the catalogue says of Ironic
  /// @param more of other services by their type; `%(project_id)s` stands for a project
  /// Throws std::runtime_error with the output of what failed.
  explicit KeystoneServer(const std::string& baremetal_url,
                          const std::map<std::string, std::string>& more = {});
  ~KeystoneServer();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v3"; }

  /// Tokens of callers: unscoped, member, reader, bm_observer, bm_admin, admin, service,
  /// sys-reader, sys-admin.
  const std::map<std::string, std::string>& tokens() const noexcept { return tokens_; }

  void stop();   ///< SIGTERM, and waits
  void start();  ///< again, with the same data; waits until it answers

 private:
  void prepare();
  bool answers() const;

  TempFolder folder_;
  std::uint16_t port_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<Process> process_;
};

}  // namespace support
