#include "inspector/node/state.h"

#include <array>

namespace inspector {
namespace {

using S = State;
using E = Event;

constexpr std::array kStates = {S::kStarting, S::kWaiting,    S::kProcessing, S::kFinished,
                                S::kError,    S::kReapplying, S::kEnrolling,  S::kAborting};

struct Transition {
  State from;
  Event on;
  State to;
};

constexpr std::array kTransitions = {
    Transition{S::kStarting, E::kTimeout, S::kError},
    Transition{S::kStarting, E::kWait, S::kWaiting},
    Transition{S::kWaiting, E::kAbort, S::kAborting},
    Transition{S::kWaiting, E::kProcess, S::kProcessing},
    Transition{S::kWaiting, E::kStart, S::kStarting},
    Transition{S::kWaiting, E::kTimeout, S::kError},
    Transition{S::kProcessing, E::kFinish, S::kFinished},
    Transition{S::kProcessing, E::kTimeout, S::kError},
    Transition{S::kReapplying, E::kFinish, S::kFinished},
    Transition{S::kReapplying, E::kReapply, S::kReapplying},
    Transition{S::kReapplying, E::kTimeout, S::kError},
    Transition{S::kEnrolling, E::kProcess, S::kProcessing},
    Transition{S::kEnrolling, E::kTimeout, S::kError},
    Transition{S::kAborting, E::kAbortEnd, S::kError},
    Transition{S::kAborting, E::kTimeout, S::kError},
    Transition{S::kFinished, E::kFinish, S::kFinished},
    Transition{S::kFinished, E::kReapply, S::kReapplying},
    Transition{S::kFinished, E::kStart, S::kStarting},
    Transition{S::kError, E::kAbort, S::kError},
    Transition{S::kError, E::kReapply, S::kReapplying},
    Transition{S::kError, E::kStart, S::kStarting},
};

}  // namespace

std::string_view name(State state) noexcept {
  switch (state) {
    case S::kStarting:
      return "starting";
    case S::kWaiting:
      return "waiting";
    case S::kProcessing:
      return "processing";
    case S::kFinished:
      return "finished";
    case S::kError:
      return "error";
    case S::kReapplying:
      return "reapplying";
    case S::kEnrolling:
      return "enrolling";
    case S::kAborting:
      return "aborting";
  }
  return "";
}

std::string_view name(Event event) noexcept {
  switch (event) {
    case E::kAbort:
      return "abort";
    case E::kAbortEnd:
      return "abort_end";
    case E::kError:
      return "error";
    case E::kFinish:
      return "finish";
    case E::kProcess:
      return "process";
    case E::kReapply:
      return "reapply";
    case E::kStart:
      return "start";
    case E::kTimeout:
      return "timeout";
    case E::kWait:
      return "wait";
  }
  return "";
}

std::optional<State> state_from_name(std::string_view text) noexcept {
  for (const State state : kStates)
    if (name(state) == text) return state;
  return std::nullopt;
}

std::span<const State> all_states() noexcept { return kStates; }

bool is_active(State state) noexcept {
  return state != S::kWaiting && state != S::kFinished && state != S::kError;
}

std::optional<State> next(State state, Event event) noexcept {
  if (event == E::kError) return S::kError;
  for (const Transition& transition : kTransitions)
    if (transition.from == state && transition.on == event) return transition.to;
  return std::nullopt;
}

}  // namespace inspector
