#pragma once
#include "sim/faulty_backend.h"
#include "tooz/coordinator.h"
#include "tooz/driver.h"

#include <functional>

namespace bench {

using base::Env;

constexpr auto kLongLease = std::chrono::seconds(60);  ///< renewals disturb little

double seconds(Env::Duration time);

std::unique_ptr<tooz::Backend> open_backend(const std::string& url);

/// Calls `act(i)` in so many threads; returns when all have ended. Passes on the first failure.
void in_threads(std::size_t number, const std::function<void(std::size_t)>& act);

/// A coordinator whose calls of the backend are counted.
class Counted {
 public:
  explicit Counted(const std::string& url);

  tooz::Coordinator& coordinator() { return *coordinator_; }
  /// So far, without renewals of the lease.
  double requests() const;
  double waits() const;  ///< for changes

 private:
  sim::FaultyBackend* backend_ = nullptr;  // of the coordinator
  std::optional<tooz::Coordinator> coordinator_;
};

}  // namespace bench
