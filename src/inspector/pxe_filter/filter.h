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
  /// As sync(), before a machine is powered on: waits for the filters of other processes too, where
  /// there are any, for at most 5 s.
  virtual void open() { sync(); }
};

std::unique_ptr<PxeFilter> noop_filter();

}  // namespace inspector
