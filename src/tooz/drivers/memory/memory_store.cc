#include "tooz/drivers/memory/memory_store.h"

#include "tooz/error.h"

#include <algorithm>

namespace tooz {
namespace {

constexpr std::size_t kMaxChanges = 1024;

}  // namespace

Session MemoryStore::open_session(Env::TimePoint now, Env::Duration ttl, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  const auto id = SessionId{++last_session_};
  sessions_[id] = {ttl, now + ttl};
  return {id, ttl};
}

Env::Duration MemoryStore::renew(Env::TimePoint now, SessionId session, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  check_owner(session);
  Lease& lease = sessions_[session];
  lease.end = now + lease.ttl;
  return lease.ttl;
}

void MemoryStore::close_session(Env::TimePoint now, SessionId session, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  drop_session(session, wakes);
}

std::optional<Revision> MemoryStore::create(Env::TimePoint now, Entry entry, const Guard& guard,
                                            Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  if (entry.owner != SessionId::kNone) check_owner(entry.owner);
  if (keys_.contains(entry.key) || !allows(guard)) return std::nullopt;
  entry.created = entry.revision = note_change(entry.key, wakes);
  const Revision made = entry.created;
  std::string key = entry.key;
  keys_.emplace(std::move(key), std::move(entry));
  return made;
}

std::optional<Revision> MemoryStore::replace(Env::TimePoint now, std::string_view key,
                                             std::string_view value, Revision expected,
                                             Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  const auto found = keys_.find(key);
  if (found == keys_.end() || found->second.revision != expected) return std::nullopt;
  found->second.value = value;
  found->second.revision = note_change(key, wakes);
  return found->second.revision;
}

bool MemoryStore::remove(Env::TimePoint now, std::string_view key, Revision expected,
                         const Guard& guard, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  const auto found = keys_.find(key);
  if (found == keys_.end() || found->second.revision != expected || !allows(guard)) return false;
  drop_key(found, wakes);
  return true;
}

std::optional<Entry> MemoryStore::get(Env::TimePoint now, std::string_view key, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  const auto found = keys_.find(key);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

Snapshot MemoryStore::list(Env::TimePoint now, std::string_view prefix, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  Snapshot result;
  result.at = last_;
  for (auto key = keys_.lower_bound(prefix); key != keys_.end(); ++key) {
    if (!key->first.starts_with(prefix)) break;
    result.entries.push_back(key->second);
  }
  return result;
}

void MemoryStore::await(const Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  waiters_.push_back(waiter);
}

void MemoryStore::forget(const std::shared_ptr<Env::Event>& event) {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.event == event; });
}

bool MemoryStore::changed(Env::TimePoint now, std::string_view prefix, Revision at, Wakes& wakes) {
  const std::lock_guard lock(mutex_);
  expire(now, wakes);
  if (at >= last_) return false;
  if (changes_.front().first > at + 1) return true;
  return std::any_of(changes_.rbegin(), changes_.rend(), [&](const auto& change) {
    return change.first > at && change.second.starts_with(prefix);
  });
}

Env::TimePoint MemoryStore::next_expiry() {
  const std::lock_guard lock(mutex_);
  auto next = Env::TimePoint::max();
  for (const auto& [id, lease] : sessions_)
    next = std::min(next, lease.end);
  return next;
}

void MemoryStore::expire(Env::TimePoint now, Wakes& wakes) {
  for (auto session = sessions_.begin(); session != sessions_.end();) {
    const auto [id, lease] = *session++;
    if (lease.end <= now) drop_session(id, wakes);
  }
}

void MemoryStore::drop_session(SessionId session, Wakes& wakes) {
  if (sessions_.erase(session) == 0) return;
  for (auto key = keys_.begin(); key != keys_.end();)
    key = key->second.owner == session ? drop_key(key, wakes) : std::next(key);
}

MemoryStore::Keys::iterator MemoryStore::drop_key(Keys::iterator key, Wakes& wakes) {
  note_change(key->first, wakes);
  return keys_.erase(key);
}

Revision MemoryStore::note_change(std::string_view key, Wakes& wakes) {
  changes_.emplace_back(++last_, key);
  if (changes_.size() > kMaxChanges) changes_.pop_front();
  for (const Waiter& waiter : waiters_)
    if (key.starts_with(waiter.prefix)) wakes.push_back(waiter.event);
  return last_;
}

bool MemoryStore::allows(const Guard& guard) const {
  if (!guard.present.empty() && !keys_.contains(guard.present)) return false;
  if (guard.empty_prefix.empty()) return true;
  const auto after = keys_.upper_bound(guard.empty_prefix);
  return after == keys_.end() || !after->first.starts_with(guard.empty_prefix);
}

void MemoryStore::check_owner(SessionId owner) const {
  if (!sessions_.contains(owner)) throw Error(Errc::kSessionLost, "memory: no such session");
}

}  // namespace tooz
