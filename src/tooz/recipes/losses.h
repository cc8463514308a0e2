#pragma once
#include "tooz/coordinator.h"
#include "tooz/recipes/held_key.h"

#include <mutex>

namespace tooz {

/// What was held when a lease was lost, until somebody reports it. Bounded: of the names of too
/// many locks, the first ones. Thread-safe.
class Losses {
 public:
  void add(const HeldKey& held) noexcept;
  Lost take();

 private:
  std::mutex mutex_;
  Lost lost_;
};

}  // namespace tooz
