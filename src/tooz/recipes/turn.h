#pragma once
#include "tooz/recipes/broadcast.h"

namespace tooz {

/// Lets one thread at a time through a stretch that waits and calls the backend, where a mutex must
/// not be held. Thread-safe.
class Turn {
 public:
  /// Has the turn from its construction on, unless `stop` was requested meanwhile.
  class Hold {
   public:
    Hold(base::Env& env, Turn& turn, const std::stop_token& stop);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    explicit operator bool() const noexcept { return ours_; }

   private:
    bool take();

    Turn& turn_;
    bool ours_ = false;
  };

 private:
  std::mutex mutex_;
  bool taken_ = false;
  Broadcast freed_;
};

}  // namespace tooz
