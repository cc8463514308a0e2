#include "sim/history/guarded_register.h"

#include <sstream>

#include "tooz/error.h"

namespace sim {

// A reader with a newer token writes it too: otherwise the holder before him could still write
// after the reader has read.
std::optional<std::int64_t> GuardedRegister::access(tooz::Revision token,
                                                    std::optional<std::int64_t> value) {
  constexpr int kAttempts = 20;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto entry = backend_.get(key_);
    if (!entry) break;
    tooz::Revision newest = 0;
    std::int64_t number = 0;
    std::istringstream(entry->value) >> newest >> number;
    if (token < newest && !flawed_) return std::nullopt;
    if (token == newest && !value) return number;
    const auto kept = value.value_or(number);
    const auto text = std::to_string(token) + " " + std::to_string(kept);
    if (backend_.replace(key_, text, entry->revision)) return kept;
  }
  throw tooz::Error(tooz::Errc::kUnreachable, "the register changes all the time");
}

}  // namespace sim
