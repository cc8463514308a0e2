#pragma once
#include <compare>
#include <optional>

#include "sim/history/history.h"

namespace sim {

/// One register: takes no token older than the newest that it has seen, in a read or a write.
struct RegisterModel {
  using Op = Access;
  struct State {
    tooz::Revision newest = 0;
    std::int64_t value = 0;
    auto operator<=>(const State&) const = default;  // NOLINT: tidy sees a null pointer in it
  };

  /// The state after a call with that answer; nullopt: it cannot have been answered so.
  static std::optional<State> after(const State& state, const Op& op) {
    const bool old = op.token < state.newest;
    if (old != op.refused) return std::nullopt;
    if (old) return state;
    if (op.kind == Op::Kind::kWrite) return State{op.token, op.value};
    if (op.value != state.value) return std::nullopt;
    return State{op.token, state.value};
  }
  /// The state after a call that nobody knows the answer of.
  static State unheard(const State& state, const Op& op) {
    if (op.token < state.newest) return state;
    return {op.token, op.kind == Op::Kind::kWrite ? op.value : state.value};
  }
  /// It can change nothing any more, from this state or any later one.
  static bool is_over(const State& state, const Op& op) { return op.token < state.newest; }
};

/// One exclusive lock, which can be taken from its holder at any time, unheard.
struct LockModel {
  using Op = LockUse;
  struct State {
    tooz::Revision newest = 0;
    bool held = false;
    auto operator<=>(const State&) const = default;  // NOLINT: tidy sees a null pointer in it
  };

  static std::optional<State> after(const State& state, const Op& op) {
    const bool its = state.held && op.token == state.newest;
    switch (op.kind) {
      case Op::Kind::kAcquire:
        if (op.token <= state.newest) return std::nullopt;
        return State{op.token, true};
      case Op::Kind::kLook:
        return its ? std::optional(state) : std::nullopt;
      case Op::Kind::kRelease:
        if (op.token > state.newest) return std::nullopt;
        return State{state.newest, state.held && !its};
    }
    return std::nullopt;
  }
  static State unheard(const State& state, const Op& op) {
    return after(state, op).value_or(state);
  }
  static bool is_over(const State& state, const Op& op) { return op.token < state.newest; }
};

}  // namespace sim
