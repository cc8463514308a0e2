#pragma once
#include <memory>

namespace inspector {

/// Decides which machines may boot the ramdisk. Thread-safe.
class PxeFilter {
 public:
  virtual ~PxeFilter() = default;
  /// Makes the filter follow the node cache; throws what keeps it from that. Blocks for at most a
  /// minute.
  virtual void sync() = 0;
};

std::unique_ptr<PxeFilter> noop_filter();

}  // namespace inspector
