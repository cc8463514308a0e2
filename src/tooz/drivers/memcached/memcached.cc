#include "tooz/drivers/memcached/memcached.h"

#include "tooz/drivers/memcached/pulse.h"
#include "tooz/drivers/memcached/values.h"

#include <algorithm>
#include <map>

namespace tooz {
namespace memcached {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPoll{20};
constexpr milliseconds kLongestPoll{250};
constexpr seconds kBetweenLooks{1};  // at sessions
constexpr seconds kLongestLease = std::chrono::hours(24);

class MemcachedBackend final : public Backend {
 public:
  MemcachedBackend(Env& env, const Options& options)
      : env_(env), client_(env, options), documents_(client_), values_(env), pulse_(env) {}

  Session open_session(Env::Duration wanted) override;
  Env::Duration renew(SessionId session) override;
  void close_session(SessionId session) override;
  std::optional<Revision> create(std::string_view key, std::string_view value, SessionId owner,
                                 const Guard& guard) override;
  std::optional<Revision> replace(std::string_view key, std::string_view value,
                                  Revision expected) override;
  bool remove(std::string_view key, Revision expected, const Guard& guard) override;
  std::optional<Entry> get(std::string_view key) override;
  Snapshot list(std::string_view prefix) override;
  void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override {
    wait(prefix, at, deadline, stop);
  }
  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override;
  std::string origin() override;

 private:
  using What = Client::What;
  struct Known {
    std::string origin;
    Env::Duration ttl{};
  };

  void check(const What& what, std::string_view value) const;
  template <class Action>
  auto change(Connection& connection, Action action);
  template <class Query>
  auto look(Connection& connection, Query query);
  template <class Write>
  std::optional<Revision> with_value(Connection& connection, std::string_view value, Write write);
  std::optional<Known> known(Connection& connection, SessionId session);
  void note(SessionId session, std::optional<Known> known);
  bool bury(Connection& connection, const Document& document, const std::set<SessionId>& sessions);
  bool blocked_by_dead(Connection& connection, std::string_view key, const Guard& guard);
  /// False: `at` is moved on to where nothing has changed yet.
  bool changed(Connection& connection, std::string_view prefix, Revision& at, bool with_sessions,
               std::uint64_t& version);
  /// The document, read now, or within the last second if it still has this version.
  std::shared_ptr<const Document> recent(Connection& connection,
                                         std::optional<std::uint64_t> version);
  /// As wait_change(); returns up to where nothing has changed, `at` or later.
  Revision wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                const std::stop_token& stop);

  Env& env_;
  Client client_;
  const DocumentStore documents_;
  const Values values_;
  const Pulse pulse_;
  std::mutex mutex_;
  std::map<SessionId, Known> sessions_;  // that were opened or renewed here
  std::mutex recent_mutex_;
  std::shared_ptr<const Document> recent_;
  Env::TimePoint recent_until_{};
};

std::set<SessionId> owners(const LeasedMap& map, std::string_view prefix) {
  std::set<SessionId> all;
  for (const Entry& entry : map.list(prefix).entries)
    if (entry.owner != SessionId::kNone) all.insert(entry.owner);
  return all;
}

void MemcachedBackend::check(const What& what, std::string_view value) const {
  if (what.key.empty()) client_.fail(what, Errc::kBadName, "an empty key");
  if (value.size() > kMemcachedFeatures.max_value)
    client_.fail(what, Errc::kTooLarge,
                 std::to_string(value.size()) + " bytes, at most " +
                     std::to_string(kMemcachedFeatures.max_value));
}

// Does `action` with the document until nobody else has changed it meanwhile; then nothing refers
// any more to the values that it let go.
template <class Action>
auto MemcachedBackend::change(Connection& connection, Action action) {
  for (;; documents_.pause(connection)) {
    Document document = documents_.load(connection);
    std::set<std::string> unused = Values::names(document.map);
    auto result = action(document.map);
    if (document.map.modified() && !documents_.replace(connection, document)) continue;
    for (const std::string& name : Values::names(document.map))
      unused.erase(name);
    if (!unused.empty()) values_.remove(connection, unused);
    return result;
  }
}

// Stores the value first, and takes it away again when the document does not refer to it then.
template <class Write>
std::optional<Revision> MemcachedBackend::with_value(Connection& connection, std::string_view value,
                                                     Write write) {
  const std::string kept = values_.put(connection, value);
  std::optional<Revision> made;
  try {
    made = write(kept);
  } catch (const Error&) {
    values_.remove(connection, Values::names(kept));
    throw;
  }
  if (!made) values_.remove(connection, Values::names(kept));
  return made;
}

// What `query` finds, with its values. When one of those is gone though nobody has replaced it, the
// server has evicted it, and maybe more: then nothing is to be kept.
template <class Query>
auto MemcachedBackend::look(Connection& connection, Query query) {
  for (;; documents_.pause(connection)) {
    const Document document = documents_.load(connection);
    auto result = query(document.map);
    if (values_.resolve(connection, result.entries)) return result;
    documents_.destroy(connection, document);
  }
}

Session MemcachedBackend::open_session(Env::Duration wanted) {
  const auto id = SessionId{std::max<std::uint64_t>(1, env_.random() >> 1)};
  const auto ttl = std::clamp<Env::Duration>(wanted, milliseconds(1), kLongestLease);
  return client_.run({"open a session", ""}, [&](Connection& connection) {
    std::string origin;
    const Session session = change(connection, [&](LeasedMap& map) {
      origin = map.data().origin;
      pulse_.begin(connection, origin, id);  // first: from now on, that it is missing means its end
      return map.open_endless_session(id, ttl);
    });
    note(id, Known{origin, ttl});
    return session;
  });
}

void MemcachedBackend::note(SessionId session, std::optional<Known> known) {
  const std::lock_guard lock(mutex_);
  if (known)
    sessions_[session] = std::move(*known);
  else
    sessions_.erase(session);
}

std::optional<MemcachedBackend::Known> MemcachedBackend::known(Connection& connection,
                                                               SessionId session) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = sessions_.find(session); found != sessions_.end()) return found->second;
  }
  const Document document = documents_.load(connection);
  const LeasedMap::Data& data = document.map.data();
  const auto found = data.sessions.find(session);
  if (found == data.sessions.end()) return std::nullopt;
  return Known{data.origin, found->second.ttl};
}

Env::Duration MemcachedBackend::renew(SessionId session) {
  const What what{"renew the session", ""};
  const auto ttl = client_.run(what, [&](Connection& connection) -> std::optional<Env::Duration> {
    const auto held = known(connection, session);
    if (!held) return std::nullopt;
    std::string hint;
    if (!pulse_.beat(connection, held->origin, session, hint)) return std::nullopt;
    if (hint != held->origin) {
      const Document document = documents_.load(connection);
      const LeasedMap::Data& data = document.map.data();
      if (data.origin != held->origin || !data.sessions.contains(session)) return std::nullopt;
    }
    note(session, held);
    return held->ttl;
  });
  if (ttl) return *ttl;
  note(session, std::nullopt);
  client_.fail(what, Errc::kSessionLost, "it has ended");
}

void MemcachedBackend::close_session(SessionId session) {
  client_.run({"close the session", ""}, [&](Connection& connection) {
    if (const auto held = known(connection, session)) pulse_.end(connection, held->origin, session);
    return change(connection, [&](LeasedMap& map) {
      map.close_session(session);
      return true;
    });
  });
  note(session, std::nullopt);
}

std::optional<Revision> MemcachedBackend::create(std::string_view key, std::string_view value,
                                                 SessionId owner, const Guard& guard) {
  const What what{"create", key};
  check(what, value);
  return client_.run(what, [&](Connection& connection) {
    const auto attempt = [&](const std::string& kept) {
      return change(connection, [&](LeasedMap& map) {
        return map.create({std::string(key), kept, owner, 0, 0}, guard);
      });
    };
    return with_value(connection, value, [&](const std::string& kept) {
      const auto made = attempt(kept);
      return !made && blocked_by_dead(connection, key, guard) ? attempt(kept) : made;
    });
  });
}

std::optional<Revision> MemcachedBackend::replace(std::string_view key, std::string_view value,
                                                  Revision expected) {
  const What what{"replace", key};
  check(what, value);
  return client_.run(what, [&](Connection& connection) {
    return with_value(connection, value, [&](const std::string& kept) {
      return change(connection, [&](LeasedMap& map) { return map.replace(key, kept, expected); });
    });
  });
}

bool MemcachedBackend::remove(std::string_view key, Revision expected, const Guard& guard) {
  const What what{"remove", key};
  check(what, "");
  return client_.run(what, [&](Connection& connection) {
    return change(connection, [&](LeasedMap& map) { return map.remove(key, expected, guard); });
  });
}

std::optional<Entry> MemcachedBackend::get(std::string_view key) {
  const What what{"read", key};
  check(what, "");
  return client_.run(what, [&](Connection& connection) -> std::optional<Entry> {
    Snapshot found = look(connection, [&](const LeasedMap& map) {
      Snapshot one;
      if (auto entry = map.get(key)) one.entries.push_back(std::move(*entry));
      return one;
    });
    if (found.entries.empty()) return std::nullopt;
    return std::move(found.entries.front());
  });
}

Snapshot MemcachedBackend::list(std::string_view prefix) {
  return client_.run({"list", prefix}, [&](Connection& connection) {
    return look(connection, [&](const LeasedMap& map) { return map.list(prefix); });
  });
}

// True: some were dead, and have been removed with all that was theirs.
bool MemcachedBackend::bury(Connection& connection, const Document& document,
                            const std::set<SessionId>& sessions) {
  const auto dead = pulse_.dead(connection, document.map.data(), sessions);
  if (dead.empty()) return false;
  change(connection, [&](LeasedMap& map) {
    for (const SessionId session : dead)
      map.close_session(session);
    return true;
  });
  return true;
}

bool MemcachedBackend::blocked_by_dead(Connection& connection, std::string_view key,
                                       const Guard& guard) {
  const Document document = documents_.load(connection);
  std::set<SessionId> sessions;
  if (const auto entry = document.map.get(key)) sessions.insert(entry->owner);
  if (!guard.empty_prefix.empty()) sessions.merge(owners(document.map, guard.empty_prefix));
  return bury(connection, document, sessions);
}

bool MemcachedBackend::changed(Connection& connection, std::string_view prefix, Revision& at,
                               bool with_sessions, std::uint64_t& version) {
  const auto stands = documents_.version(connection);
  if (!with_sessions && stands && *stands == version) return false;
  const auto document = recent(connection, stands);
  if (document->map.changed(prefix, at)) return true;
  version = document->unique;
  at = document->map.data().last;
  return with_sessions && bury(connection, *document, owners(document->map, prefix));
}

// Many wait, and each looks once a second: what one has read is good for the others, too. Not for
// longer: after a restart of the server the same number may stand for something else.
std::shared_ptr<const Document> MemcachedBackend::recent(Connection& connection,
                                                         std::optional<std::uint64_t> version) {
  const auto now = env_.now();
  {
    const std::lock_guard lock(recent_mutex_);
    if (recent_ && recent_->unique == version && now < recent_until_) return recent_;
  }
  auto document = std::make_shared<const Document>(documents_.load(connection));
  const std::lock_guard lock(recent_mutex_);
  recent_ = document;
  recent_until_ = now + kBetweenLooks;
  return document;
}

// The number that cas compares tells in one short answer that nothing was written. Once a second
// somebody must look whether the owners of the keys still live.
Revision MemcachedBackend::wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                const std::stop_token& stop) {
  std::uint64_t version = 0;
  Env::Duration pause = kFirstPoll;
  Env::TimePoint next_look{};
  while (!stop.stop_requested() && env_.now() < deadline) {
    const bool with_sessions = env_.now() >= next_look;
    if (with_sessions) next_look = env_.now() + kBetweenLooks;
    if (client_.run({"watch", prefix}, [&](Connection& connection) {
          return changed(connection, prefix, at, with_sessions, version);
        }))
      break;
    env_.sleep_until(std::min(deadline, env_.now() + pause), stop);
    pause = std::min<Env::Duration>(2 * pause, kLongestPoll);
  }
  return at;
}

std::optional<Changes> MemcachedBackend::next_changes(std::string_view prefix, Revision at,
                                                      Env::TimePoint deadline,
                                                      std::stop_token stop) {
  at = wait(prefix, at, deadline, stop);
  return client_.run({"watch", prefix}, [&](Connection& connection) {
    std::optional<Changes> changes;
    Snapshot known = look(connection, [&](const LeasedMap& map) {
      Snapshot with_values;
      changes = map.changes_since(prefix, at);
      if (!changes) return with_values;
      for (const Change& change : changes->list)
        if (change.value_known) with_values.entries.push_back(change.entry);
      return with_values;
    });
    auto value = known.entries.begin();
    if (changes)
      for (Change& change : changes->list)
        if (change.value_known) change.entry = std::move(*value++);
    return changes;
  });
}

std::string MemcachedBackend::origin() {
  return client_.run({"read the origin", ""}, [&](Connection& connection) {
    return documents_.load(connection).map.data().origin;
  });
}

}  // namespace
}  // namespace memcached

std::unique_ptr<Backend> open_memcached(Env& env, const Url& url) {
  return std::make_unique<memcached::MemcachedBackend>(env, memcached::options_from(url));
}

}  // namespace tooz
