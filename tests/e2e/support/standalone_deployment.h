#pragma once
#include "tests/e2e/support/deployment.h"

#include <optional>

namespace e2e {

/// `ironic-inspector` on SQLite and a free port.
class StandaloneDeployment : public Deployment {
 protected:
  StandaloneDeployment();

  Config config() const;  ///< that works
  /// Upgrades the database, starts the program and waits until it serves.
  void start(const Config& config);
  void start() { start(config()); }
  /// As start(), for one whose API is reached in another way: returns when its log says so.
  void start_elsewhere(const Config& config);
  /// SIGKILL, waited for.
  void kill();
  void begin_machines(const Machines& machines) { start_ironic(machines, api_.url()); }

  Process& inspector() { return *inspector_; }
  const Api& api() const { return api_; }
  std::uint16_t port() const noexcept { return port_; }

 private:
  std::uint16_t port_;
  Api api_;
  Running inspector_;
};

}  // namespace e2e
