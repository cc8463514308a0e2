#pragma once
#include "tooz/backend.h"
#include "tooz/recipes/flaws.h"

#include <atomic>

namespace tooz {

/// One session of the backend as those see it whose keys stand under it. Once lost it stays lost.
/// Thread-safe, never blocks.
///
/// It ends a safety margin before the backend may drop the session: a tenth of the time to live.
/// The margin covers clocks that run apart, and what its users still have under way when they learn
/// of the end.
class Lease {
 public:
  /// @param sent  when the request for the session left, by the clock of `env`
  Lease(Env& env, const Session& session, std::string origin, Env::TimePoint sent, Flaws flaws);

  SessionId id() const noexcept { return id_; }
  const std::string& origin() const noexcept { return origin_; }
  Env::Duration ttl() const noexcept { return Env::Duration(ttl_.load()); }

  /// Until the margin, by the clock: right also immediately after a pause. 0: it is over.
  Env::Duration remaining() const noexcept;
  std::stop_token lost() const noexcept { return lost_.get_token(); }
  Env::TimePoint safe_until() const noexcept {
    return Env::TimePoint(Env::Duration(safe_until_.load()));
  }

  /// The backend has answered a renewal that was sent at `sent`. False: too late, it is lost.
  bool extend(Env::TimePoint sent, Env::Duration ttl);
  /// Tells everybody that it is over. Runs the callbacks registered on lost().
  void lose() noexcept { lost_.request_stop(); }

 private:
  void set_end(Env::TimePoint sent, Env::Duration ttl) noexcept;

  Env& env_;
  const SessionId id_;
  const std::string origin_;
  const Flaws flaws_;
  std::atomic<Env::Duration::rep> ttl_;
  std::atomic<Env::Duration::rep> safe_until_;
  std::stop_source lost_;
};

}  // namespace tooz
