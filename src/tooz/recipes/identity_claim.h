#pragma once
#include "tooz/recipes/core.h"
#include "tooz/recipes/process_identity.h"

namespace tooz {

/// The right to act under our member id: a record under our lease. Used by one thread at a time.
///
/// Who finds somebody else's record there takes his place if he is known to be dead, is refused at
/// once if he is known to live, and else waits for one lease: a dead one's is over by then.
class IdentityClaim {
 public:
  IdentityClaim(Core& core, Processes processes);

  /// False: another process has this id; the log names both. Throws tooz::Error.
  bool take(Lease& lease, const std::stop_token& stop);
  /// Removes the record, if it stands under `lease`. Throws tooz::Error.
  void drop(const Lease& lease);

  /// Waits until `key`, which stands under another lease, is gone; false: it stands still, a little
  /// more than one lease later, or when `stop` is requested.
  bool outlast(const std::string& key, const Lease& lease, const std::stop_token& stop);

 private:
  bool displace(const Entry& found, Lease& lease, const std::stop_token& stop);
  void refuse(const std::string& other) const;

  Core& core_;
  const Processes processes_;
  const std::string key_;
  const std::string coordinator_;
  std::int64_t incarnation_ = 0;
};

}  // namespace tooz
