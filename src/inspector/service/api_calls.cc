#include "inspector/service/api_calls.h"

namespace inspector {
namespace {

constexpr std::size_t kMostReports =
    256;  ///< that wait for a thread; a ramdisk's patience is short

}  // namespace

ApiCalls::ApiCalls(base::Env& env, Api::Parts parts, const ApiOptions& options)
    : api_(parts, options),
      requests_(env, {.name = "api", .max_threads = options.workers}),
      reports_(env,
               {.name = "continue", .max_threads = options.workers, .max_queued = kMostReports}) {}

bool ApiCalls::drain(base::Env::TimePoint deadline) {
  const bool all = requests_.drain(deadline);
  return reports_.drain(deadline) && all;
}

}  // namespace inspector
