#include "base/retry.h"

#include <algorithm>

namespace base {

Env::Duration Backoff::next() noexcept {
  const Env::Duration whole = std::clamp(next_, Env::Duration::zero(), most_);
  next_ = whole > most_ / 2 ? most_ : whole * 2;
  const Env::Duration half = whole / 2;
  const auto choices = static_cast<std::uint64_t>((whole - half).count()) + 1;
  return half + Env::Duration{static_cast<Env::Duration::rep>(env_.random() % choices)};
}

}  // namespace base
