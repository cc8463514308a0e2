#include "tooz/recipes/turn.h"

namespace tooz {

Turn::Hold::Hold(base::Env& env, Turn& turn, const std::stop_token& stop) : turn_(turn) {
  constexpr auto kLookAgain = std::chrono::seconds(60);
  Broadcast::Ticket ticket(env, turn.freed_);
  while (!take() && !stop.stop_requested())
    ticket.wait_until(env.now() + kLookAgain, stop);
}

Turn::Hold::~Hold() {
  if (!ours_) return;
  {
    const std::lock_guard lock(turn_.mutex_);
    turn_.taken_ = false;
  }
  turn_.freed_.notify();
}

bool Turn::Hold::take() {
  const std::lock_guard lock(turn_.mutex_);
  ours_ = !turn_.taken_;
  turn_.taken_ = true;
  return ours_;
}

}  // namespace tooz
