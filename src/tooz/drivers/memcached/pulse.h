#pragma once
#include "tooz/drivers/memcached/document.h"

#include <set>

namespace tooz::memcached {

/// What somebody saw of a session: that it was renewed so many times at a second of the server's
/// clock. Ripe: the clock has moved on since, so it was not read late by a whole step.
struct Mark {
  std::string beat;  ///< the number of renewals, `-`: the item is gone
  std::int64_t time = 0;
  bool ripe = false;

  bool operator==(const Mark&) const = default;
};
std::string encode(const Mark& mark);
std::optional<Mark> decode_mark(std::string_view text);  ///< nullopt: not what encode() made

/// One look at a session.
struct Look {
  std::string beat;
  std::int64_t before = 0;  ///< the server's clock, read before the beat
  std::int64_t after = 0;   ///< and after it
};
struct Verdict {
  bool dead = false;         ///< not renewed for longer than it may live
  std::optional<Mark> mark;  ///< to be left for the next look
};
Verdict judge(const std::optional<Mark>& mark, const Look& look, Env::Duration ttl);

/// Whether sessions are alive. Each has an item, its beat, which every renewal raises and nobody
/// makes again. That the item is missing proves nothing (it may have been evicted), so a session is
/// dead only when nobody has raised its beat for its time to live, by the server's clock, which its
/// holder cannot outlive. What one process has seen another can use: it stands in a mark. Lost
/// marks only cost time. Thread-safe.
class Pulse {
 public:
  explicit Pulse(Env& env) : env_(env) {}

  void begin(Connection& connection, std::string_view origin, SessionId session) const;
  /// Also reads the hint of the origin, which must be `origin`. False: it has ended.
  bool beat(Connection& connection, std::string_view origin, SessionId session,
            std::string& hint) const;
  void end(Connection& connection, std::string_view origin, SessionId session) const;

  /// Those of `sessions` that are dead; they cannot be renewed any more then. At most 256 are
  /// looked at, drawn by chance.
  std::set<SessionId> dead(Connection& connection, const LeasedMap::Data& data,
                           const std::set<SessionId>& sessions) const;

 private:
  Env& env_;
};

}  // namespace tooz::memcached
