#pragma once
#include "base/env.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tooz {

using base::Env;

/// One counter for the whole backend: a later write of any key has a greater one, also after the
/// key was deleted, expired and made again. A lock's fencing number is the `created` of its key.
using Revision = std::int64_t;

enum class SessionId : std::uint64_t { kNone = 0 };  ///< kNone: the key outlives its writer

struct Session {
  SessionId id = SessionId::kNone;
  Env::Duration ttl{};  ///< what was granted; servers round and clamp what was asked for
};

struct Entry {
  std::string key;
  std::string value;
  SessionId owner = SessionId::kNone;
  Revision created = 0;   ///< changes when the key is deleted and made again
  Revision revision = 0;  ///< changes with every write
};

/// What stood under a prefix at one moment. `at` goes back into wait_change() and nowhere else.
struct Snapshot {
  std::vector<Entry> entries;  ///< in key order
  Revision at = 0;
};

/// One thing that happened to a key.
struct Change {
  Entry entry;              ///< after it; of a removal only key and revision
  bool removed = false;     ///< by whomever, or with its session
  bool value_known = true;  ///< false: the value was written over before anybody asked
};

/// All that happened under a prefix, in order, up to `at`, which goes back into next_changes().
struct Changes {
  std::vector<Change> list;
  Revision at = 0;
};

/// A second condition in the same atomic step; empty: none. It stops joins into a group just
/// deleted, deletion of a group just joined, and newcomers that overtake a queue.
struct Guard {
  std::string_view present;  ///< this key exists
  std::string_view
      empty_prefix;  ///< no key starts with this and is longer; the key equal to it does not count
};

/// What a driver provides: a small key/value store with compare-and-set and leases. Locks,
/// elections and groups are written once, on these calls, in recipes/.
///
/// Thread-safe. Each call blocks for at most the timeout of the URL, then throws
/// Error{kUnreachable}: a write may then have been made, and the recipes look before they repeat.
/// Keys and values are any bytes; an empty key is Error{kBadName}, a value above
/// Features::max_value Error{kTooLarge}, and neither changes anything.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Opens a lease. Its time to live after the last renewal, the backend drops it and every key
  /// created under it.
  virtual Session open_session(Env::Duration wanted) = 0;
  /// Returns the time to live, counted from before this call was made. Error{kSessionLost}: too
  /// late.
  virtual Env::Duration renew(SessionId session) = 0;
  /// Drops it with its keys at once; one that has ended already is no error.
  virtual void close_session(SessionId session) = 0;

  /// Writes `key` if it is absent and `guard` holds; nullopt: it exists, or the guard does not
  /// hold. Error{kSessionLost}: `owner` has ended.
  virtual std::optional<Revision> create(std::string_view key, std::string_view value,
                                         SessionId owner, const Guard& guard = {}) = 0;
  /// Writes `key` if it still has revision `expected`; keeps its owner. nullopt: it has not.
  virtual std::optional<Revision> replace(std::string_view key, std::string_view value,
                                          Revision expected) = 0;
  /// Removes `key` if it still has revision `expected` and `guard` holds.
  virtual bool remove(std::string_view key, Revision expected, const Guard& guard = {}) = 0;

  virtual std::optional<Entry> get(std::string_view key) = 0;
  virtual Snapshot list(std::string_view prefix) = 0;  ///< includes the key that equals `prefix`

  /// Returns when something under `prefix` was written, removed or expired after `at`, at
  /// `deadline`, or when `stop` is requested. Early returns are allowed, endless ones are not: a
  /// wait on an unchanged prefix sleeps. Where the backend cannot push, the driver polls and says
  /// so. While `prefix` is itself a key and nothing else is under it, a driver may overlook that
  /// longer keys come into being: so who waits for one of many keys is woken by it alone.
  virtual void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                           std::stop_token stop) = 0;

  /// Waits as wait_change() does, and tells what has happened after `at`; nothing, when the
  /// deadline or `stop` ended the wait. nullopt: it cannot tell (any more), a list() will. What
  /// this does is for drivers that can only tell that something has happened.
  virtual std::optional<Changes> next_changes(std::string_view prefix, Revision at,
                                              Env::TimePoint deadline, std::stop_token stop) {
    wait_change(prefix, at, deadline, std::move(stop));
    return std::nullopt;
  }

  /// Who counts the revisions: a random text kept in the backend, another one when its data was
  /// lost.
  virtual std::string origin() = 0;
};

}  // namespace tooz
