#include "tooz/metrics.h"

#include <array>

namespace tooz {

std::string_view name_of(Metrics::Count what) noexcept {
  constexpr std::array<std::string_view, 13> kNames{
      "grants",       "refusals",         "releases",         "losses", "leases",
      "leases_lost",  "rejoined",         "group_events",     "gaps",   "errors",
      "brain_splits", "tokens_went_back", "unreadable_values"};
  return kNames.at(static_cast<std::size_t>(what));
}

std::string_view name_of(Metrics::Time what) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"acquire", "held", "call", "lease_age"};
  return kNames.at(static_cast<std::size_t>(what));
}

}  // namespace tooz
