#include "tooz/recipes/acquirer.h"

#include "base/retry.h"
#include "tooz/random_text.h"

#include <algorithm>

namespace tooz {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::seconds(1);

const Entry* find(const Snapshot& snapshot, std::string_view key) {
  const auto at = std::ranges::find(snapshot.entries, key, &Entry::key);
  return at == snapshot.entries.end() ? nullptr : &*at;
}

// The last of those who came before `mine`.
const Entry* before(const Snapshot& queue, const Entry& mine) {
  const Entry* last = nullptr;
  for (const Entry& entry : queue.entries)
    if (entry.created < mine.created && (!last || last->created < entry.created)) last = &entry;
  return last;
}

bool over(const Grant& grant) { return grant.remaining() == Env::Duration::zero(); }

}  // namespace

std::unique_ptr<Grant> Acquirer::try_acquire() const {
  for (int attempt = 0;; ++attempt) {
    const auto lease = core_->sessions.require();
    try {
      auto grant = create_holder(lease, {.present = {}, .empty_prefix = keys_.queue});
      if (!grant || !over(*grant)) return grant;
    } catch (const Error& error) {
      if (error.code() != Errc::kSessionLost) throw;
    }
    if (attempt > 0) throw Error(Errc::kSessionLost, keys_.holder);
  }
}

std::unique_ptr<Grant> Acquirer::acquire(const std::stop_token& stop,
                                         Env::TimePoint deadline) const {
  if (stop.stop_requested()) return nullptr;
  if (auto grant = try_acquire()) return grant;
  base::Backoff backoff(core_->env, kFirstPause, kLongestPause);
  while (const auto lease = core_->sessions.wait(deadline, stop)) {
    const AnyStop end(stop, lease->lost());
    try {
      auto grant = stand_in_queue(lease, {end, deadline});
      if (grant && !over(*grant)) return grant;
      if (!grant && !end.requested()) break;
    } catch (const Error& error) {
      if (error.code() != Errc::kSessionLost && error.code() != Errc::kUnreachable) throw;
      core_->env.sleep_until(std::min(deadline, core_->env.now() + backoff.next()), stop);
    }
  }
  if (!stop.stop_requested() && !core_->sessions.connected())
    throw Error(Errc::kUnreachable, "waiting for " + keys_.holder);
  return nullptr;
}

// Null: taken, or the guard does not hold.
std::unique_ptr<Grant> Acquirer::create_holder(const LeasePtr& lease, const Guard& guard) const {
  Grant::Key key{keys_.holder, new_value(), 0, true};
  const auto leave_to_cleaner = [&] {
    core_->cleaner.add({lease, key.name, key.value, {}, key.may_come});
  };
  try {
    const Created created = create_surely(*core_, *lease, key.name, key.value, guard);
    key.may_come = created.may_come;
    if (!created.revision) {
      if (created.may_come) leave_to_cleaner();
      return nullptr;
    }
    key.created = *created.revision;
    return std::make_unique<Grant>(core_, lease, key);
  } catch (const std::exception&) {
    leave_to_cleaner();
    throw;
  }
}

// Null: at the deadline, or when `wait.end` is requested.
std::unique_ptr<Grant> Acquirer::stand_in_queue(const LeasePtr& lease, const Wait& wait) const {
  Env& env = core_->env;
  auto place = std::make_unique<QueuePlace>(core_, lease, keys_.queue);
  place->take();
  base::Backoff backoff(env, kFirstPause, kLongestPause);
  while (!wait.end.requested() && env.now() < wait.deadline) {
    try {
      if (auto grant = step(lease, place, wait)) return grant;
      backoff.reset(kFirstPause);
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable) throw;
      env.sleep_until(std::min(wait.deadline, env.now() + backoff.next()), wait.end.token());
    }
  }
  return nullptr;
}

// Looks where we stand, and waits for whoever is before us, or takes the lock.
std::unique_ptr<Grant> Acquirer::step(const LeasePtr& lease, std::unique_ptr<QueuePlace>& place,
                                      const Wait& wait) const {
  const Snapshot queue = core_->backend->list(keys_.queue);
  const Entry* mine = find(queue, place->key());
  if (!mine) {
    place->take();
    return nullptr;
  }
  if (const Entry* other = before(queue, *mine)) {
    wait_change(other->key, queue.at, lease, wait);
    return nullptr;
  }
  if (auto grant = create_holder(lease, {})) {
    if (!place->try_leave()) grant->leave_at_release(std::move(place));
    return grant;
  }
  const Snapshot holder = core_->backend->list(keys_.holder);
  if (find(holder, keys_.holder)) wait_change(keys_.holder, holder.at, lease, wait);
  return nullptr;
}

// Looks around once a lease, whatever the backend tells.
void Acquirer::wait_change(const std::string& key, Revision at, const LeasePtr& lease,
                           const Wait& wait) const {
  const auto look_again = core_->env.now() + lease->ttl();
  core_->backend->wait_change(key, at, std::min(wait.deadline, look_again), wait.end.token());
}

bool Acquirer::break_holder() const {
  const auto found = core_->backend->get(keys_.holder);
  return found && core_->backend->remove(keys_.holder, found->revision);
}

Acquirer::Holder Acquirer::holder() const {
  const Snapshot found = core_->backend->list(keys_.holder);
  const Entry* entry = find(found, keys_.holder);
  if (!entry) return {std::nullopt, found.at};
  return {entry->value.substr(0, entry->value.find('/')), found.at};
}

std::string Acquirer::new_value() const {
  return label_.empty() ? random_bytes(core_->env) : label_ + "/" + random_text(core_->env);
}

}  // namespace tooz
