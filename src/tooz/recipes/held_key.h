#pragma once
#include "tooz/recipes/lease.h"

namespace tooz {

/// A key that stands for something its writer has. Shared by who has it and who watches over it;
/// the stop sources are thread-safe, the rest does not change.
struct HeldKey {
  enum class Kind { kLock, kPermit, kLeadership, kMembership };

  Kind kind = Kind::kLock;
  std::string name;  ///< of the lock, semaphore or group
  std::string key;
  Revision created = 0;
  std::shared_ptr<Lease> lease;  ///< what its writer has ends with this
  std::stop_source released;     ///< by us
  std::stop_source lost;         ///< by the lease, or because somebody else removed the key

  bool live() const noexcept { return !released.stop_requested() && !lost.stop_requested(); }
};

}  // namespace tooz
