#pragma once
#include "inspector/conductor/operation.h"

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
  Ptr hold(Operation operation) {
    const std::string id = operation.id;
    {
      const std::lock_guard guard(state_->mutex);
      if (!state_->ids.insert(id).second) return nullptr;
    }
    return {new Operation(std::move(operation)), [state = state_, id](const Operation* held) {
              delete held;
              const std::lock_guard guard(state->mutex);
              state->ids.erase(id);
            }};
  }

  std::size_t count() const {
    const std::lock_guard guard(state_->mutex);
    return state_->ids.size();
  }

 private:
  struct State {
    std::mutex mutex;
    std::set<std::string> ids;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace inspector
