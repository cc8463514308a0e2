#include "tests/sim/lock_judge.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::size_t kKept = 100;

std::string seconds(base::Env::TimePoint time) {
  return std::to_string(std::chrono::duration<double>(time.time_since_epoch()).count()) + " s";
}

}  // namespace

void LockJudge::look(const std::string& who, const tooz::Token& token, TimePoint granted,
                     TimePoint seen) {
  const std::lock_guard lock(mutex_);
  if (origin_.empty()) origin_ = token.origin;
  if (origin_ != token.origin && violation_.empty()) violation_ = "two origins";
  const auto [life, fresh] = lives_.try_emplace(token.number, Life{who, granted, seen});
  if (fresh) {
    ++grants_;
    last_grant_ = std::max(last_grant_, granted);
  }
  life->second.to = std::max(life->second.to, seen);
  compare(token.number, life->second);
  if (lives_.size() > kKept) lives_.erase(lives_.begin());
}

// A lower token must have died before a higher one was granted.
void LockJudge::compare(tooz::Revision number, const Life& life) {
  for (const auto& [other, its] : lives_) {
    if (other == number || !violation_.empty()) continue;
    const bool apart = other < number ? its.to <= life.from : life.to <= its.from;
    if (apart) continue;
    violation_ = "tokens " + std::to_string(number) + " of " + life.who + " and " +
                 std::to_string(other) + " of " + its.who + " were both live at " +
                 seconds(std::max(life.from, its.from));
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
