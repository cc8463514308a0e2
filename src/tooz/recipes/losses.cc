#include "tooz/recipes/losses.h"

#include <utility>

namespace tooz {
namespace {

constexpr std::size_t kMost = 10'000;

std::vector<std::string>& list_for(Lost& lost, HeldKey::Kind kind) {
  switch (kind) {
    case HeldKey::Kind::kPermit:
      return lost.permits;
    case HeldKey::Kind::kLeadership:
      return lost.leaderships;
    case HeldKey::Kind::kMembership:
      return lost.groups;
    case HeldKey::Kind::kLock:
      break;
  }
  return lost.locks;
}

}  // namespace

void Losses::add(const HeldKey& held) noexcept {
  const std::lock_guard lock(mutex_);
  auto& list = list_for(lost_, held.kind);
  if (list.size() < kMost) list.push_back(held.name);
}

Lost Losses::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lost_, {});
}

}  // namespace tooz
