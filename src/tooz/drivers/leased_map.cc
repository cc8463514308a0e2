#include "tooz/drivers/leased_map.h"

#include "tooz/error.h"

#include <algorithm>

namespace tooz {
namespace {

Env::TimePoint end_of(Env::TimePoint now, Env::Duration ttl) {
  return ttl > Env::TimePoint::max() - now ? Env::TimePoint::max() : now + ttl;
}

Entry entry_of(const LeasedMap::Keys::value_type& key) {
  const auto& [name, row] = key;
  return {std::string(name), std::string(row.value), row.owner, row.created, row.revision};
}

}  // namespace

void LeasedMap::Data::add_key(std::string_view key, std::string_view value, const Row& rest) {
  std::pmr::string kept(value, keys.get_allocator());
  keys.emplace(key, Row{std::move(kept), rest.owner, rest.created, rest.revision});
}

void LeasedMap::Data::add_change(Revision revision, std::string_view key, Revision created) {
  changes.push_back({revision, std::pmr::string(key, changes.get_allocator()), created});
}

void LeasedMap::expire(Env::TimePoint now) {
  for (auto session = data_.sessions.begin(); session != data_.sessions.end();) {
    const auto [id, lease] = *session++;
    if (lease.end <= now) close_session(id);
  }
}

void LeasedMap::end_all_sessions() { expire(Env::TimePoint::max()); }

Session LeasedMap::open_session(Env::TimePoint now, Env::Duration ttl) {
  const auto id = SessionId{++data_.last_session};
  data_.sessions[id] = {ttl, end_of(now, ttl)};
  modified_ = true;
  return {id, ttl};
}

Session LeasedMap::open_endless_session(SessionId id, Env::Duration ttl) {
  data_.sessions[id] = {ttl, Env::TimePoint::max()};
  modified_ = true;
  return {id, ttl};
}

Env::Duration LeasedMap::renew(Env::TimePoint now, SessionId session) {
  check_live(session);
  Lease& lease = data_.sessions[session];
  lease.end = end_of(now, lease.ttl);
  modified_ = true;
  return lease.ttl;
}

void LeasedMap::close_session(SessionId session) {
  if (data_.sessions.erase(session) == 0) return;
  modified_ = true;
  for (auto key = data_.keys.begin(); key != data_.keys.end();)
    key = key->second.owner == session ? drop_key(key) : std::next(key);
}

std::optional<Revision> LeasedMap::create(const Entry& entry, const Guard& guard) {
  check_name(entry.key);
  if (entry.owner != SessionId::kNone) check_live(entry.owner);
  if (data_.keys.contains(std::string_view(entry.key)) || !allows(guard)) return std::nullopt;
  const Revision made = note_change(entry.key, data_.last + 1);
  data_.add_key(entry.key, entry.value, {{}, entry.owner, made, made});
  return made;
}

std::optional<Revision> LeasedMap::replace(std::string_view key, std::string_view value,
                                           Revision expected) {
  check_name(key);
  const auto found = data_.keys.find(key);
  if (found == data_.keys.end() || found->second.revision != expected) return std::nullopt;
  found->second.value = value;
  found->second.revision = note_change(key, found->second.created);
  return found->second.revision;
}

bool LeasedMap::remove(std::string_view key, Revision expected, const Guard& guard) {
  check_name(key);
  const auto found = data_.keys.find(key);
  if (found == data_.keys.end() || found->second.revision != expected || !allows(guard))
    return false;
  drop_key(found);
  return true;
}

std::optional<Entry> LeasedMap::get(std::string_view key) const {
  check_name(key);
  const auto found = data_.keys.find(key);
  return found == data_.keys.end() ? std::nullopt : std::optional(entry_of(*found));
}

Snapshot LeasedMap::list(std::string_view prefix) const {
  Snapshot result;
  result.at = data_.last;
  for (auto key = data_.keys.lower_bound(prefix); key != data_.keys.end(); ++key) {
    if (!key->first.starts_with(prefix)) break;
    result.entries.push_back(entry_of(*key));
  }
  return result;
}

bool LeasedMap::changed(std::string_view prefix, Revision at) const {
  if (!record_reaches(at)) return true;
  for (auto change = data_.changes.rbegin(); change != data_.changes.rend(); ++change) {
    if (change->revision <= at) return false;
    if (change->key.starts_with(prefix)) return true;
  }
  return false;
}

std::optional<Changes> LeasedMap::changes_since(std::string_view prefix, Revision at) const {
  if (!record_reaches(at)) return std::nullopt;
  Changes changes{{}, data_.last};
  for (const Record& record : data_.changes) {
    if (record.revision <= at || !record.key.starts_with(prefix)) continue;
    Change change{{std::string(record.key), "", SessionId::kNone, record.created, record.revision}};
    const auto now = data_.keys.find(record.key);
    change.removed = record.created == 0;
    change.value_known = now != data_.keys.end() && now->second.revision == record.revision;
    if (change.value_known) change.entry = entry_of(*now);
    changes.list.push_back(std::move(change));
  }
  return changes;
}

bool LeasedMap::record_reaches(Revision at) const {
  if (at >= data_.last) return at == data_.last;
  return !data_.changes.empty() && data_.changes.front().revision <= at + 1;
}

Env::TimePoint LeasedMap::next_expiry(std::string_view prefix) const {
  auto next = Env::TimePoint::max();
  for (auto key = data_.keys.lower_bound(prefix); key != data_.keys.end(); ++key) {
    if (!key->first.starts_with(prefix)) break;
    const auto owner = data_.sessions.find(key->second.owner);
    if (owner != data_.sessions.end()) next = std::min(next, owner->second.end);
  }
  return next;
}

LeasedMap::Keys::iterator LeasedMap::drop_key(Keys::iterator key) {
  note_change(key->first, 0);
  return data_.keys.erase(key);
}

Revision LeasedMap::note_change(std::string_view key, Revision created) {
  modified_ = true;
  data_.add_change(++data_.last, key, created);
  if (data_.changes.size() > kMaxChanges) data_.changes.pop_front();
  return data_.last;
}

bool LeasedMap::allows(const Guard& guard) const {
  if (!guard.present.empty() && !data_.keys.contains(guard.present)) return false;
  if (guard.empty_prefix.empty()) return true;
  const auto after = data_.keys.upper_bound(guard.empty_prefix);
  return after == data_.keys.end() || !after->first.starts_with(guard.empty_prefix);
}

void LeasedMap::check_live(SessionId session) const {
  if (!data_.sessions.contains(session)) throw Error(Errc::kSessionLost, name_);
}

void LeasedMap::check_name(std::string_view key) const {
  if (key.empty()) throw Error(Errc::kBadName, name_ + ": an empty key");
}

}  // namespace tooz
