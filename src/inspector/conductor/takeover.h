#pragma once
#include "base/env.h"
#include "inspector/conductor/journal.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/node_locks.h"
#include "inspector/conductor/owner.h"

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

namespace inspector {

/// Finds operations that nobody works on and lets the conductor go on with them: those of owners
/// whose lease is over, those that were handed over, and our own after trouble that has passed.
/// Every conductor runs one. Each begins with its share of what is nobody's, and takes what is left
/// a moment later; who is quicker gets the operation. Thread-safe.
class Takeover {
 public:
  /// Whether an operation belongs to our share.
  using Share = std::function<bool(const Operation&)>;

  /// All outlive it.
  struct Parts {
    base::Env& env;
    Journal& journal;
    NodeLocks& locks;
    Owner& owner;
    LocalConductor& conductor;
    std::function<Share()> share{};  ///< as it is now, asked for each look; none: all is ours
  };

  /// Looks at once, then every `spacing` and when woken, on a thread of its own.
  Takeover(Parts parts, base::Env::Duration spacing);
  ~Takeover() { stop(); }
  Takeover(const Takeover&) = delete;
  Takeover& operator=(const Takeover&) = delete;

  /// Somebody has left: looks now, and twice again shortly after.
  void wake() noexcept;
  /// Looks no more; waits for a look that is under way.
  void stop() { thread_.reset(); }

 private:
  void run(const std::stop_token& stop);
  bool look(const Share& share, const std::stop_token& stop);
  void disown_dead(const std::string& mine, const std::stop_token& stop);
  bool claim(const std::string& mine, const Share& share, const std::stop_token& stop);

  Parts parts_;
  const base::Env::Duration spacing_;
  std::unique_ptr<base::Env::Event> woken_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace inspector
