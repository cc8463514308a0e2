#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace inspector {

enum class State {
  kStarting,
  kWaiting,
  kProcessing,
  kFinished,
  kError,
  kReapplying,
  kEnrolling,
  kAborting
};

enum class Event {
  kAbort,
  kAbortEnd,
  kError,
  kFinish,
  kProcess,
  kReapply,
  kStart,
  kTimeout,
  kWait
};

std::string_view name(State state) noexcept;  ///< as stored and shown: `starting`
std::string_view name(Event event) noexcept;  ///< as in error texts: `abort_end`
std::optional<State> state_from_name(std::string_view name) noexcept;
std::span<const State> all_states() noexcept;  ///< in upstream's order

/// Somebody works on the node now; `waiting`, `finished` and `error` are passive.
bool is_active(State state) noexcept;

/// The state after `event`; nullopt: no transition is defined. Upstream's table, except that
/// `error` is possible from every state (docs/differences.md).
std::optional<State> next(State state, Event event) noexcept;

}  // namespace inspector
