#pragma once
#include "base/env.h"

namespace base {

/// Pauses between attempts: doubled each time up to `most`, half of each drawn by chance so that
/// many who failed together do not come back together.
class Backoff {
 public:
  Backoff(Env& env, Env::Duration first, Env::Duration most)
      : env_(env), next_(first), most_(most) {}

  Env::Duration next() noexcept;  ///< the pause before the coming attempt
  void reset(Env::Duration first) noexcept { next_ = first; }

 private:
  Env& env_;
  Env::Duration next_;
  Env::Duration most_;
};

}  // namespace base
