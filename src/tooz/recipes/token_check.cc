#include "tooz/recipes/token_check.h"

#include "base/log.h"

#include <utility>

namespace tooz {
namespace {

constexpr std::size_t kMost = 10'000;

bool acts(const std::shared_ptr<HeldKey>& held) {
  return held && held->live() && held->lease->remaining() > Env::Duration::zero();
}

}  // namespace

TokenCheck& TokenCheck::instance() {
  static TokenCheck check;
  return check;
}

void TokenCheck::granted(const Grant& grant, const Meter& meter) {
  const Name name{grant.token.origin, grant.held->key};
  Last before;
  {
    const std::lock_guard lock(mutex_);
    const auto [found, fresh] = last_.try_emplace(name);
    before = std::exchange(found->second, Last{grant.token.number, grant.held});
    if (fresh) order_.push_back(name);
    if (order_.size() > kMost) {
      last_.erase(order_.front());
      order_.pop_front();
    }
  }
  if (before.number >= grant.token.number) {
    meter.add(Metrics::Count::kTokensWentBack);
    base::log_error("tooz.check",
                    "a token went back: the backend has lost data, or a key was given "
                    "out twice",
                    {{"key", name.second},
                     {"token", std::to_string(grant.token.number)},
                     {"before", std::to_string(before.number)}});
  }
  if (acts(before.held.lock())) {
    meter.add(Metrics::Count::kBrainSplits);
    base::log_error("tooz.check", "two tokens of one lock are live at once",
                    {{"key", name.second},
                     {"token", std::to_string(grant.token.number)},
                     {"other", std::to_string(before.number)}});
  }
}

}  // namespace tooz
