#pragma once
#include "inspector/conductor/operation.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace inspector {

/// The operations that this process works on. Thread-safe.
class HeldOperations {
 public:
  using Ptr = std::shared_ptr<Operation>;

  /// Held until the last copy is gone; null: it is held already.
  Ptr hold(Operation operation, base::Env& env) {
    const std::string id = operation.id;
    {
      const std::lock_guard guard(state_->mutex);
      if (!state_->ids.insert(id).second) return nullptr;
    }
    return {new Operation(std::move(operation)), [state = state_, id, &env](const Operation* held) {
              const auto now = env.now();
              const bool over = held->ended;
              delete held;
              const std::lock_guard guard(state->mutex);
              state->ids.erase(id);
              if (over)
                state->left.erase(id);
              else
                state->left[id].leave(now);
            }};
  }

  /// Whether enough time has passed since trouble made us leave it: each time longer, to a limit.
  bool has_rested(const Operation& operation, base::Env::TimePoint now) const {
    const std::lock_guard guard(state_->mutex);
    std::erase_if(state_->left, [&](const auto& each) { return each.second.at + kForget < now; });
    const auto found = state_->left.find(operation.id);
    return found == state_->left.end() || now >= found->second.at + found->second.pause;
  }

  std::size_t count() const {
    const std::lock_guard guard(state_->mutex);
    return state_->ids.size();
  }

 private:
  static constexpr base::Env::Duration kFirstPause = std::chrono::seconds(1);
  static constexpr base::Env::Duration kMostPause = std::chrono::seconds(10);
  static constexpr base::Env::Duration kForget = std::chrono::minutes(5);

  struct Left {
    base::Env::TimePoint at{};
    base::Env::Duration pause{};
    void leave(base::Env::TimePoint now) {
      at = now;
      pause = std::clamp(2 * pause, kFirstPause, kMostPause);
    }
  };
  struct State {
    std::mutex mutex;
    std::set<std::string> ids;
    std::map<std::string, Left> left;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace inspector
