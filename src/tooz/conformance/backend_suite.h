#pragma once
#include "tooz/conformance/world.h"
#include "tooz/testing/background.h"

namespace tooz::conformance {

/// Every sentence of backend.h, as a test over any driver.
class BackendConformance : public testing::TestWithParam<Subject> {
 protected:
  /// Calls `body` in a world of its own, with `backend` open.
  void run(const std::function<void()>& body);

  Env& env() { return world->env(); }
  void reopen();  ///< `backend` again, after a restart
  std::vector<std::string> keys(std::string_view prefix);
  /// Waits on `prefix` until `key` is gone.
  bool goes(const std::string& prefix, const std::string& key);
  /// Whether a wait on `prefix` ends before its deadline.
  bool returns_early(const std::string& prefix, Revision at);
  /// Expects that a wait on `prefix` returns when `act` changes something.
  void expect_wakes(const std::string& prefix, const std::function<bool()>& act);

  /// Far more than anything here takes: it bounds the test, not the driver.
  static constexpr std::chrono::seconds kLimit{30};
  static constexpr std::chrono::minutes kLongLease{2};

  std::unique_ptr<World> world;
  std::unique_ptr<Backend> backend;
};

}  // namespace tooz::conformance
