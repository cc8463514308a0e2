#pragma once
#include "base/env.h"
#include "inspector/config/api.h"
#include "inspector/service/signals.h"

namespace inspector {

/// Until when a stop may take: graceful_shutdown_timeout after SIGTERM, now after SIGINT.
inline base::Env::TimePoint stop_deadline(base::Env& env, const Signals& signals,
                                          const ApiOptions& options) {
  return signals.at_once() ? env.now() : env.after(options.graceful_shutdown_timeout);
}

}  // namespace inspector
