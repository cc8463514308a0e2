#include "inspector/service/api_calls.h"

#include <algorithm>

namespace inspector {
namespace {

/// Threads: they wait for the conductor, and it for Ironic, so many machines report at once.
constexpr std::size_t kReportThreads = 256;
/// That wait for a thread; a ramdisk's patience is short.
constexpr std::size_t kMostReports = 256;

}  // namespace

ApiCalls::ApiCalls(base::Env& env, Api::Parts parts, const ApiOptions& options)
    : api_(parts, options),
      requests_(env, {.name = "api", .max_threads = options.workers}),
      reports_(env, {.name = "continue",
                     .max_threads = std::max(kReportThreads, options.workers),
                     .max_queued = kMostReports}) {}

bool ApiCalls::drain(base::Env::TimePoint deadline) {
  const bool all = requests_.drain(deadline);
  return reports_.drain(deadline) && all;
}

}  // namespace inspector
