#include "tooz/recipes/acquirer.h"

#include "base/retry.h"

#include <algorithm>

namespace tooz {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::seconds(1);
constexpr auto kLookAgain = std::chrono::minutes(5);

bool over(const Grant& grant) { return grant.remaining() == Env::Duration::zero(); }

}  // namespace

std::unique_ptr<Grant> Acquirer::try_acquire() const {
  const auto began = core_->env.now();
  return noted(try_now(), began);
}

std::unique_ptr<Grant> Acquirer::acquire(const std::stop_token& stop,
                                         Env::TimePoint deadline) const {
  const auto began = core_->env.now();
  return noted(wait_for(stop, deadline), began);
}

std::unique_ptr<Grant> Acquirer::noted(std::unique_ptr<Grant> grant, Env::TimePoint began) const {
  core_->meter.add(grant ? Metrics::Count::kGrants : Metrics::Count::kRefusals);
  if (grant) core_->meter.since(Metrics::Time::kAcquire, began);
  return grant;
}

std::unique_ptr<Grant> Acquirer::try_now() const {
  for (int attempt = 0;; ++attempt) {
    const auto lease = core_->sessions.require();
    try {
      auto grant = try_once(lease);
      if (!grant || !over(*grant)) return grant;
    } catch (const Error& error) {
      if (error.code() != Errc::kSessionLost) throw;
    }
    if (attempt > 0) throw Error(Errc::kSessionLost, name());
  }
}

std::unique_ptr<Grant> Acquirer::wait_for(const std::stop_token& stop,
                                          Env::TimePoint deadline) const {
  if (stop.stop_requested()) return nullptr;
  core_->sessions.require();
  bool answered = tries_first();
  if (answered)
    if (auto grant = try_now()) return grant;
  base::Backoff backoff(core_->env, kFirstPause, kLongestPause);
  while (const auto lease = core_->sessions.wait(deadline, stop)) {
    const AnyStop end(stop, lease->lost());
    const Wait wait{end, deadline};
    try {
      Stay stay{.lease = lease, .wait = wait, .place = new_place(lease), .ahead = {}};
      auto grant = stand_in_queue(stay);
      if (grant && !over(*grant)) return grant;
      if (!grant && !end.requested()) break;
    } catch (const Error& error) {
      const bool lost = error.code() == Errc::kSessionLost;
      if (!lost && (error.code() != Errc::kUnreachable || !answered)) throw;
      core_->env.sleep_until(std::min(deadline, core_->env.now() + backoff.next()), stop);
    }
    answered = true;
  }
  if (!stop.stop_requested() && !core_->sessions.connected())
    throw Error(Errc::kUnreachable, "waiting for " + name());
  return nullptr;
}

// Null: at the deadline, or when the wait's end is requested.
std::unique_ptr<Grant> Acquirer::stand_in_queue(Stay& stay) const {
  Env& env = core_->env;
  const Wait& wait = stay.wait;
  base::Backoff backoff(env, kFirstPause, kLongestPause);
  while (!wait.end.requested() && env.now() < wait.deadline) {
    try {
      if (auto grant = step(stay)) return grant;
      backoff.reset(kFirstPause);
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable || !stay.place->taken()) throw;
      env.sleep_until(std::min(wait.deadline, env.now() + backoff.next()), wait.end.token());
    }
  }
  return nullptr;
}

std::shared_ptr<QueuePlace> Acquirer::make_place(const LeasePtr& lease, std::string start,
                                                 std::string value) const {
  return std::make_shared<QueuePlace>(core_, core_->lease_for_places(lease), std::move(start),
                                      std::move(value));
}

void Acquirer::wait_change(const std::string& key, Revision at, const Stay& stay) const {
  const auto deadline = std::min(stay.wait.deadline, core_->env.now() + kLookAgain);
  core_->backend->wait_change(key, at, deadline, stay.wait.end.token());
}

const Entry* find_entry(const Snapshot& snapshot, std::string_view key) {
  const auto at = std::ranges::find(snapshot.entries, key, &Entry::key);
  return at == snapshot.entries.end() ? nullptr : &*at;
}

const Entry* last_before(const Snapshot& queue, const Entry& mine, std::string_view starts) {
  const Entry* last = nullptr;
  for (const Entry& entry : queue.entries) {
    const auto kind = entry.key.find_last_of('/') + 1;
    if (kind >= entry.key.size() || starts.find(entry.key[kind]) == std::string_view::npos)
      continue;
    if (entry.created < mine.created && (!last || last->created < entry.created)) last = &entry;
  }
  return last;
}

}  // namespace tooz
