#pragma once
#include "inspector/conductor/directory.h"
#include "inspector/pxe_filter/filter.h"
#include "inspector/pxe_filter/shared_pass.h"
#include "rpc/rpc.h"

#include <string>

namespace inspector {

/// The PXE filter of one conductor among others: before a machine is powered on, the filters of all
/// live conductors are asked to follow, because nobody knows whose DHCP server answers it. A
/// conductor that does not answer is waited for until 5 s are over; by itself it follows within a
/// second or two of the change. Thread-safe.
class ClusterFilter final : public PxeFilter {
 public:
  /// All outlive it.
  struct Parts {
    base::Env& env;
    PxeFilter& own;
    ConductorDirectory& others;
    rpc::Transport& transport;
  };
  /// @param member this conductor's name in the group, which is not asked
  ClusterFilter(const Parts& parts, std::string member);

  void sync() override { parts_.own.sync(); }
  void open() override;

 private:
  void ask_all();
  void ask_one(const ConductorEndpoint& whom, base::Env::TimePoint deadline);

  const Parts parts_;
  const std::string member_;
  SharedPass asking_;
};

/// The method `do_sync_filter`, which ClusterFilter calls: no arguments, the result is null.
/// `filter` outlives `methods`.
void add_filter_method(rpc::Methods& methods, PxeFilter& filter);

}  // namespace inspector
