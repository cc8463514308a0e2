#include "tests/sim/lock_judge.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::size_t kKept = 100;

std::string seconds(base::Env::TimePoint time) {
  return std::to_string(std::chrono::duration<double>(time.time_since_epoch()).count()) + " s";
}

}  // namespace

void LockJudge::look(const Holder& holder, const tooz::Token& token, TimePoint granted,
                     TimePoint seen) {
  const std::lock_guard lock(mutex_);
  if (origin_.empty()) origin_ = token.origin;
  if (origin_ != token.origin && violation_.empty()) violation_ = "two origins";
  const auto [life, fresh] = lives_.try_emplace(token.number, Life{holder, granted, seen});
  if (fresh) {
    ++grants_;
    last_grant_ = std::max(last_grant_, granted);
  }
  life->second.to = std::max(life->second.to, seen);
  if (permits_ == 1)
    compare(token.number, life->second);
  else
    count(life->second);
  if (lives_.size() > kKept) lives_.erase(lives_.begin());
}

// A lower token must have died before a higher one was granted.
void LockJudge::compare(tooz::Revision number, const Life& life) {
  for (const auto& [other, its] : lives_) {
    if (other == number || !violation_.empty()) continue;
    if (life.holder.shared && its.holder.shared) continue;
    const bool apart = other < number ? its.to <= life.from : life.to <= its.from;
    if (apart) continue;
    violation_ = "tokens " + std::to_string(number) + " of " + life.holder.who + " and " +
                 std::to_string(other) + " of " + its.holder.who + " were both live at " +
                 seconds(std::max(life.from, its.from));
  }
}

// Of those that are live while this one is, not too many are so at one moment: at one's beginning.
void LockJudge::count(const Life& life) {
  for (const auto& [number, start] : lives_) {
    if (start.from < life.from || start.from >= life.to || !violation_.empty()) continue;
    std::size_t live = 0;
    for (const auto& [other, its] : lives_)
      if (its.from <= start.from && start.from < its.to) ++live;
    if (live > permits_)
      violation_ = std::to_string(live) + " permits were live at " + seconds(start.from);
  }
}

std::string LockJudge::violation() const {
  const std::lock_guard lock(mutex_);
  return violation_;
}

void LockJudge::report(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (violation_.empty()) violation_ = what;
}

std::uint64_t LockJudge::grants() const {
  const std::lock_guard lock(mutex_);
  return grants_;
}

base::Env::TimePoint LockJudge::last_grant() const {
  const std::lock_guard lock(mutex_);
  return last_grant_;
}

}  // namespace sim
