#pragma once
#include "tooz/backend.h"

#include <deque>
#include <map>
#include <mutex>

namespace tooz {

/// Keys, sessions and the last changes, in memory. Knows the time only from what callers bring:
/// each call first drops the sessions that have run out by `now`. Thread-safe; never blocks.
class MemoryStore {
 public:
  explicit MemoryStore(std::string origin) : origin_(std::move(origin)) {}

  /// Who waits for a change under a prefix; the event is set by whoever makes one.
  struct Waiter {
    std::string prefix;
    std::shared_ptr<Env::Event> event;
  };
  /// What a call changed: the events to set once no mutex is held any more.
  using Wakes = std::vector<std::shared_ptr<Env::Event>>;

  Session open_session(Env::TimePoint now, Env::Duration ttl, Wakes& wakes);
  Env::Duration renew(Env::TimePoint now, SessionId session, Wakes& wakes);
  void close_session(Env::TimePoint now, SessionId session, Wakes& wakes);

  std::optional<Revision> create(Env::TimePoint now, Entry entry, const Guard& guard, Wakes& wakes);
  std::optional<Revision> replace(Env::TimePoint now, std::string_view key, std::string_view value,
                                  Revision expected, Wakes& wakes);
  bool remove(Env::TimePoint now, std::string_view key, Revision expected, const Guard& guard,
              Wakes& wakes);

  std::optional<Entry> get(Env::TimePoint now, std::string_view key, Wakes& wakes);
  Snapshot list(Env::TimePoint now, std::string_view prefix, Wakes& wakes);

  /// Registers `waiter`; it must be taken out again by forget().
  void await(const Waiter& waiter);
  void forget(const std::shared_ptr<Env::Event>& event);
  /// Whether something under `prefix` changed after `at`, or may have: the record of changes is
  /// bounded.
  bool changed(Env::TimePoint now, std::string_view prefix, Revision at, Wakes& wakes);
  /// When the next session runs out if nobody renews it; max: there is none.
  Env::TimePoint next_expiry();

  const std::string& origin() const noexcept { return origin_; }

 private:
  struct Lease {
    Env::Duration ttl{};
    Env::TimePoint end;
  };
  using Keys = std::map<std::string, Entry, std::less<>>;

  void expire(Env::TimePoint now, Wakes& wakes);
  void drop_session(SessionId session, Wakes& wakes);
  Keys::iterator drop_key(Keys::iterator key, Wakes& wakes);
  Revision note_change(std::string_view key, Wakes& wakes);
  bool allows(const Guard& guard) const;
  void check_owner(SessionId owner) const;

  const std::string origin_;
  std::mutex mutex_;
  Keys keys_;
  std::map<SessionId, Lease> sessions_;
  std::uint64_t last_session_ = 0;
  Revision last_ = 0;
  std::deque<std::pair<Revision, std::string>> changes_;  ///< the last ones, oldest first
  std::vector<Waiter> waiters_;
};

}  // namespace tooz
