#include "tooz/recipes/lease.h"

#include <algorithm>

namespace tooz {

using std::chrono::milliseconds;

Lease::Lease(Env& env, const Session& session, std::string origin, Env::TimePoint sent, Flaws flaws)
    : env_(env), id_(session.id), origin_(std::move(origin)), flaws_(flaws) {
  set_end(sent, session.ttl);
}

Env::Duration Lease::remaining() const noexcept {
  const auto now = env_.now();
  // Looked at after the clock: who was paused in between is told what he missed.
  if (lost_.stop_requested()) return Env::Duration::zero();
  return std::max(safe_until() - now, Env::Duration::zero());
}

bool Lease::extend(Env::TimePoint sent, Env::Duration ttl) {
  if (remaining() == Env::Duration::zero()) {
    lose();
    return false;
  }
  set_end(flaws_.stamp_at_reply ? env_.now() : sent, ttl);
  return true;
}

void Lease::set_end(Env::TimePoint sent, Env::Duration ttl) noexcept {
  const Env::Duration least = std::min<Env::Duration>(milliseconds(50), ttl / 2);
  const Env::Duration margin = flaws_.no_margin ? Env::Duration::zero() : std::max(ttl / 10, least);
  ttl_ = ttl.count();
  safe_until_ = (sent + ttl - margin).time_since_epoch().count();
}

}  // namespace tooz
