#pragma once
#include "base/env.h"

#include <string_view>

namespace tooz {

/// Where a Coordinator tells how it fares; the user's own class passes it on to whatever he
/// watches with. Called by many threads at once, among them such as renew the lease: it returns at
/// once, throws nothing, and calls nothing of the library.
class Metrics {
 public:
  virtual ~Metrics() = default;

  enum class Count {
    kGrants,           ///< locks, permits and leaderships got
    kRefusals,         ///< a try found it taken, or a wait ended without
    kReleases,         ///< given back in order
    kLosses,           ///< of what was held, by a lost lease or because somebody took it
    kLeases,           ///< opened
    kLeasesLost,       ///< not those that were closed in order
    kRejoined,         ///< groups joined again
    kGroupEvents,      ///< seen in watched groups
    kGaps,             ///< of them, behind how many somebody may have gone unseen
    kErrors,           ///< calls of the backend that were not answered, or refused
    kBrainSplits,      ///< two tokens of one lock were live at once, as far as we can see
    kTokensWentBack,   ///< a grant had a lower token than one before, of the same origin
    kUnreadableValues  ///< written by somebody else, left out
  };
  virtual void add(Count what, std::uint64_t number = 1) noexcept = 0;

  enum class Time {
    kAcquire,   ///< from a call of try_acquire(), acquire() or campaign() to the grant
    kHeld,      ///< from a grant to its release
    kCall,      ///< one call of the backend, but for those that wait for a change
    kLeaseAge,  ///< when it is renewed: since the last answered renewal was sent
  };
  virtual void time(Time what, base::Env::Duration took) noexcept = 0;
};

/// `grants`, `lease_age` and so on.
std::string_view name_of(Metrics::Count what) noexcept;
std::string_view name_of(Metrics::Time what) noexcept;

}  // namespace tooz
