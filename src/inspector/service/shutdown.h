#pragma once
#include "base/env.h"
#include "inspector/config/api.h"
#include "inspector/service/signals.h"

namespace inspector {

/// Until when a stop may take: graceful_shutdown_timeout after SIGTERM (zero is without end), now
/// after SIGINT.
inline base::Env::TimePoint stop_deadline(base::Env& env, const Signals& signals,
                                          const ApiOptions& options) {
  constexpr base::Env::Duration kWithoutEnd = std::chrono::hours(24 * 365);
  if (signals.at_once()) return env.now();
  const auto timeout = options.graceful_shutdown_timeout;
  return env.after(timeout > base::Env::Duration::zero() ? timeout : kWithoutEnd);
}

}  // namespace inspector
