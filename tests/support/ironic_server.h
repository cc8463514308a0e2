#pragma once
#include "tests/support/process.h"

#include <cstdint>
#include <memory>
#include <string>

namespace support {

/// Debian's Ironic in one process on a free port of 127.0.0.1: fake hardware, SQLite, JSON-RPC, and
/// `inspector` as what inspects nodes. For one thread.
class IronicServer {
 public:
  enum class Auth { kNone, kBasic, kKeystone };

  struct Options {
    std::string inspector_url;  ///< what it calls to inspect; empty: from the catalogue
    Auth auth = Auth::kNone;    ///< of who calls it, and of how it calls the inspector
    std::string keystone_url;   ///< of kKeystone, where it is the user `ironic`
    int power_delay = 0;        ///< seconds that each change of power takes
    bool requires_managed_boot = false;
    bool bmcs = false;  ///< also nodes of the driver `ipmi`, which it reaches by ipmitool
  };

  /// The only user of kBasic, here and towards the inspector.
  static constexpr const char* kUser = "admin";
  static constexpr const char* kPassword = "secret";

  /// True when the packages ironic-api and ironic-conductor are installed.
  static bool installed();

  /// A port for one that is started later: what others are told of it.
  static std::string url_at(std::uint16_t port);

  /// Waits until it answers and has its driver, about 10 s. Throws std::runtime_error with the
  /// output of what failed.
  IronicServer(std::uint16_t port, const Options& options);
  ~IronicServer();

  std::string url() const { return url_at(port_); }
  std::string output() const { return process_->output(); }
  /// A folder that it may read.
  const std::filesystem::path& folder() const noexcept { return folder_.path(); }

 private:
  void prepare(const Options& options);
  void start();
  bool answers() const;

  TempFolder folder_;
  std::uint16_t port_;
  std::unique_ptr<Process> process_;
};

}  // namespace support
