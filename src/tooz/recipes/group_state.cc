#include "tooz/recipes/group_state.h"

#include "base/log.h"
#include "tooz/value.h"

#include <algorithm>

namespace tooz {
namespace {

using Kind = GroupEvent::Kind;

bool same(const Member& a, const Member& b) {
  return a.capabilities == b.capabilities || *a.capabilities == *b.capabilities;
}

}  // namespace

// None: the group's own key, or not a member's.
std::optional<std::string> GroupState::id_of(const std::string& key) const {
  std::string id = key.substr(std::min(prefix_.size(), key.size()));
  if (id.empty() || id.find('/') != std::string::npos) return std::nullopt;
  return id;
}

GroupState::Known GroupState::read(const std::string& id, const Change& change) const {
  const Entry& entry = change.entry;
  if (!change.value_known)
    return {entry.revision, Member{id, std::make_shared<const Value>(), entry.created}};
  try {
    auto capabilities = std::make_shared<const Value>(from_msgpack(entry.value));
    return {entry.revision, Member{id, std::move(capabilities), entry.created}};
  } catch (const BadValue& error) {
    meter_.add(Metrics::Count::kUnreadableValues);
    base::log_warning("tooz.group", "left out a member whose capabilities are not msgpack",
                      {{"key", entry.key}, {"error", error.what()}});
    return {entry.revision, std::nullopt};
  }
}

void GroupState::compare(const Known* old, const Known* now, Events& events) {
  const Member* was = old && old->member ? &*old->member : nullptr;
  const Member* is = now && now->member ? &*now->member : nullptr;
  if (was && (!is || was->incarnation != is->incarnation))
    events.push_back({Kind::kLeft, *was});
  else if (was && !same(*was, *is))
    events.push_back({Kind::kChanged, *is});
  if (is && (!was || was->incarnation != is->incarnation)) events.push_back({Kind::kJoined, *is});
}

GroupState::Events GroupState::apply(const Changes& changes) {
  Events events;
  for (const Change& change : changes.list) {
    if (change.entry.key == prefix_) exists_ = !change.removed;
    const auto id = id_of(change.entry.key);
    if (!id) continue;
    const auto old = keys_.find(*id);
    const Known* known = old == keys_.end() ? nullptr : &old->second;
    if (known && known->revision >= change.entry.revision) continue;
    if (change.removed) {
      compare(known, nullptr, events);
      keys_.erase(*id);
      continue;
    }
    Known now = read(*id, change);
    compare(known, &now, events);
    keys_.insert_or_assign(*id, std::move(now));
  }
  return events;
}

// First who left, then the others: nobody is in it twice on the way.
GroupState::Events GroupState::replace(const Snapshot& snapshot) {
  Keys keys;
  exists_ = false;
  for (const Entry& entry : snapshot.entries) {
    exists_ = exists_ || entry.key == prefix_;
    const auto id = id_of(entry.key);
    if (!id) continue;
    const auto old = keys_.find(*id);
    const bool known = old != keys_.end() && old->second.revision == entry.revision;
    keys.emplace(*id, known ? old->second : read(*id, {entry}));
  }
  Events events;
  for (const auto& [id, old] : keys_)
    if (const auto now = keys.find(id); now == keys.end()) compare(&old, nullptr, events);
  for (const auto& [id, now] : keys) {
    const auto old = keys_.find(id);
    compare(old == keys_.end() ? nullptr : &old->second, &now, events);
  }
  keys_ = std::move(keys);
  return events;
}

bool GroupState::equals(const Snapshot& snapshot) const {
  bool exists = false;
  std::size_t members = 0;
  for (const Entry& entry : snapshot.entries) {
    exists = exists || entry.key == prefix_;
    const auto id = id_of(entry.key);
    if (!id) continue;
    const auto known = keys_.find(*id);
    if (known == keys_.end() || known->second.revision != entry.revision) return false;
    ++members;
  }
  return exists == exists_ && members == keys_.size();
}

Members GroupState::members() const {
  Members::List list;
  list.reserve(keys_.size());
  for (const auto& [id, known] : keys_)
    if (known.member) list.push_back(*known.member);
  return Members(std::move(list));
}

}  // namespace tooz
