#pragma once
#include "base/env.h"
#include "inspector/error.h"

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace inspector {

/// What was accepted and is not at its end yet: a row of the journal (table cc_operation).
struct Operation {
  enum class Kind { kStart, kProcess, kAbort, kReapply };
  /// How far it has come. Each is written down before what it names is done, so whoever takes the
  /// operation over knows what may have been done already.
  enum class Step {
    kAccepted,
    kQueued,      ///< start: waits for its turn to be powered on
    kPower,       ///< start: the reboot is asked for
    kPowerAgain,  ///< start: the reboot is asked for once more, after a takeover
    kProcessing,  ///< process: the node is known and in that state
    kStored,      ///< the same; the body is what the nodes' database keeps as posted
    kChanges,     ///< process, reapply: the collected set stands in the journal and is being sent
    kSending,     ///< the same; the set is among the arguments
  };

  std::string id;
  Kind kind = Kind::kStart;
  std::string node;    ///< uuid; empty: a report whose node is not known yet
  std::string digest;  ///< process: of the report, in hexadecimal; else empty
  boost::json::object arguments{};
  Step step = Step::kAccepted;
  std::string owner{};        ///< host of the conductor that has, or had, it
  std::string incarnation{};  ///< of that conductor's lease; empty: nobody's
  /// Conductors that ended over it; kNotBegun: it was entered, and no thread has been free for it.
  int tries = 0;
  std::string history{};                     ///< of its takeovers, for people
  std::optional<base::Env::WallTime> due{};  ///< of its turn
  base::Env::WallTime created{};
  std::int64_t version = 1;  ///< of its row, when it was read

  static constexpr int kNotBegun = -1;
  bool entered = true;  ///< in memory only: it stands in the journal
  bool ended = false;   ///< in memory only: it is not in the journal any more, and need not be

  bool has_body() const noexcept { return kind == Kind::kProcess || kind == Kind::kReapply; }
  /// Its changes may have gone to Ironic.
  bool is_sending() const noexcept { return step == Step::kChanges || step == Step::kSending; }
};

std::string_view name(Operation::Kind kind) noexcept;  ///< as stored: `start`
std::string_view name(Operation::Step step) noexcept;  ///< as stored: `power-again`
std::optional<Operation::Kind> kind_from_name(std::string_view name) noexcept;
std::optional<Operation::Step> step_from_name(std::string_view name) noexcept;

/// What a caller was told, kept for his repetitions.
struct KeptAnswer {
  std::string uuid;            ///< of the node
  std::optional<Error> error;  ///< none: accepted
};

}  // namespace inspector
