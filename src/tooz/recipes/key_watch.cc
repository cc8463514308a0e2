#include "tooz/recipes/key_watch.h"

#include "base/log.h"
#include "tooz/error.h"
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/names.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

constexpr std::size_t kFew = 4;  ///< so many keys are read one by one, more by one list
constexpr auto kLookAgain = std::chrono::minutes(5);  ///< whatever the backend tells

std::string in_common(const std::string& a, const std::string& b) {
  return {a.begin(), std::ranges::mismatch(a, b).in1};
}

bool stands(const HeldKey& held) { return held.live() && !held.lease->lost().stop_requested(); }

}  // namespace

void KeyWatch::add(const std::shared_ptr<HeldKey>& held) {
  const auto due = env_.now() + held->lease->ttl() / 20;
  bool start = false;
  std::stop_source wake(std::nostopstate);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    watched_.try_emplace(held.get(), Watched{held, due});
    start = !std::exchange(started_, true);
    const bool covered = !prefix_.empty() && held->key.starts_with(prefix_);
    if (waiting_ && due < next_ && !covered) wake = wake_;
  }
  if (wake.stop_possible()) wake.request_stop();
  if (!start) return;
  auto thread = env_.spawn("tooz-held", [this](const std::stop_token& stop) { run(stop); });
  const std::lock_guard lock(mutex_);
  if (!stopped_) thread_.swap(thread);
}

void KeyWatch::remove(const HeldKey& held) noexcept {
  const std::lock_guard lock(mutex_);
  watched_.erase(&held);
}

void KeyWatch::stop() {
  std::unique_ptr<Env::Thread> thread;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  thread.swap(thread_);
}

void KeyWatch::run(const std::stop_token& end_of_thread) {
  const AnyStop both(end_of_thread, stopping_);
  const std::stop_token stop = both.token();
  while (!stop.stop_requested()) {
    const Round round = begin(env_.now());
    const AnyStop until(stop, round.wake.get_token());
    if (round.keys.empty()) {
      env_.sleep_until(round.next, until.token());
      end();
      continue;
    }
    const auto began = env_.now();
    const auto ttl = round.keys.front()->lease->ttl();
    try {
      watch(round, until.token());
    } catch (const std::exception& error) {
      base::log_debug("tooz.held", "no answer", {{"error", error.what()}});
    }
    end();
    env_.sleep_until(began + ttl / 10, stop);
  }
}

KeyWatch::Round KeyWatch::begin(Env::TimePoint now) {
  Round round;
  const std::lock_guard lock(mutex_);
  bool first = true;
  for (const auto& [key, one] : watched_) {
    if (one.due > now || !stands(*one.held)) continue;
    round.prefix = first ? one.held->key : in_common(round.prefix, one.held->key);
    first = false;
  }
  for (const auto& [key, one] : watched_) {
    if (!stands(*one.held)) continue;
    if (!first && one.held->key.starts_with(round.prefix))
      round.keys.push_back(one.held);
    else
      round.next = std::min(round.next, one.due);
  }
  waiting_ = true;
  next_ = round.next;
  prefix_ = round.prefix;
  wake_ = round.wake;
  return round;
}

void KeyWatch::end() {
  const std::lock_guard lock(mutex_);
  waiting_ = false;
}

void KeyWatch::watch(const Round& round, const std::stop_token& stop) {
  const Revision at = look(round);
  const auto deadline = std::min(round.next, env_.now() + kLookAgain);
  backend_.wait_change(round.prefix, at, deadline, stop);
}

Revision KeyWatch::look(const Round& round) {
  Revision at = 0;
  if (round.keys.size() > kFew) {
    const Snapshot found = backend_.list(round.prefix);
    for (const auto& held : round.keys)
      check(found.entries, *held);
    return found.at;
  }
  for (const auto& held : round.keys) {
    const Snapshot found = backend_.list(held->key);
    check(found.entries, *held);
    at = at == 0 ? found.at : std::min(at, found.at);
  }
  return at;
}

void KeyWatch::check(const std::vector<Entry>& found, const HeldKey& held) const {
  const auto entry = std::ranges::lower_bound(found, held.key, {}, &Entry::key);
  const bool taken = entry != found.end() && entry->key == held.key;
  if ((taken && entry->created == held.created) || !stands(held)) return;
  // Another one has it while we took it for ours.
  if (taken && held.kind != HeldKey::Kind::kMembership) meter_.add(Metrics::Count::kBrainSplits);
  base::log_warning("tooz.held", "a key was taken from its holder", {{"key", held.key}});
  std::stop_source(held.lost).request_stop();
}

KeyWatches::KeyWatches(Env& env, Backend& backend, const Meter& meter,
                       const std::stop_token& stopping) {
  for (const std::string_view part : kHeldParts)
    parts_.try_emplace(part, env, backend, meter, stopping);
}

KeyWatch& KeyWatches::of(std::string_view key) noexcept {
  return std::ranges::find_if(parts_, [=](const auto& p) { return key.starts_with(p.first); })
      ->second;
}

void KeyWatches::stop() {
  for (auto& [part, watch] : parts_)
    watch.stop();
}

}  // namespace tooz
