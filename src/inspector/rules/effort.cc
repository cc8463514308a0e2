#include "inspector/rules/effort.h"

#include "inspector/error.h"

namespace inspector {
namespace {

constexpr std::size_t kMostSteps = 50UL * 1000 * 1000;
constexpr std::size_t kStepsBetweenLooks = 4096;
// A ramdisk waits 20 s for its answer.
constexpr base::Env::Duration kLongest = std::chrono::seconds(10);

[[noreturn]] void too_much(const char* what) {
  throw Error(Errc::kBadRequest,
              std::string("Introspection rules were given up on this report: ") + what);
}

}  // namespace

Effort::Effort(base::Env& env) : env_(env), end_(env.after(kLongest)) {}

void Effort::step(std::size_t steps) {
  steps_ += steps;
  if (steps_ > kMostSteps) too_much("they look at too many values");
  if (steps_ < next_look_) return;
  next_look_ = steps_ + kStepsBetweenLooks;
  check_time();
}

void Effort::text(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes > kLongestText) too_much("a formatted value is longer than 1 MiB");
  if (bytes_ > kMostText) too_much("all formatted values together are longer than 16 MiB");
}

void Effort::check_time() {
  if (env_.now() >= end_) too_much("they take longer than 10 seconds");
}

}  // namespace inspector
