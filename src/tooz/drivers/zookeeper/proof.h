#pragma once
#include "base/env.h"

#include <algorithm>
#include <deque>

namespace tooz::zookeeper {

using base::Env;

/// How long the leader of an ensemble surely keeps a session, from what its client knows.
///
/// A server passes on that it has heard of a session with its answer to the leader's next ping, one
/// every half tick: at most a quarter of a session's time, which is two ticks or more. An answer
/// that went through the leader proves that what was sent before that has been passed on, and no
/// more: the server that carried it may be cut off from then on. For one thread.
class Proof {
 public:
  Proof(Env::TimePoint opened, Env::Duration session) : session_(session), proven_(opened) {}

  /// What a lease is worth that is renewed every third of its time: the answer proves a renewal
  /// that is at most 2/5 of the session's time old.
  static Env::Duration lease(Env::Duration session) { return session * 3 / 5; }
  /// The session that such a lease needs.
  static Env::Duration session(Env::Duration lease) { return lease * 5 / 3; }

  /// A request sent at `sent` was answered through the leader. Returns the time to live from then.
  Env::Duration answered(Env::TimePoint sent) {
    while (!sent_.empty() && sent_.front() <= sent - session_ / 4) {
      proven_ = std::max(proven_, sent_.front());
      sent_.pop_front();
    }
    if (sent_.size() < kMost) sent_.push_back(sent);
    const auto left = proven_ + session_ - sent;
    return std::clamp(left, Env::Duration::zero(), lease(session_));
  }
  /// The leader has itself let the session in on another server, later than this.
  void let_in(Env::TimePoint when) { proven_ = std::max(proven_, when); }

 private:
  static constexpr std::size_t kMost = 64;

  Env::Duration session_;
  Env::TimePoint proven_;
  std::deque<Env::TimePoint> sent_;  // answered, not yet known to have been passed on
};

}  // namespace tooz::zookeeper
