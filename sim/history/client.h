#pragma once
#include "sim/history/guarded_register.h"
#include "sim/history/history.h"
#include "tooz/coordinator.h"

namespace sim {

/// One who takes locks and, while he has them, counts up the registers that they guard; and writes
/// down what he asked for and was told. Stops when the lock says so, as any client must.
class HistoryClient {
 public:
  using Env = base::Env;
  struct Setting {
    Env::Duration longest_hold;
    Env::Duration longest_wait;
    bool token_not_checked = false;  ///< by the registers
    std::function<void()> on_grant = {};
  };

  HistoryClient(Env& env, tooz::Coordinator& coordinator, tooz::Backend& registers,
                History& history, const Setting& setting)
      : env_(env),
        coordinator_(coordinator),
        registers_(registers),
        history_(history),
        setting_(setting) {}

  /// What came of it.
  enum class End { kNotGranted, kGivenBack, kLost, kRefused };
  /// Asks for the lock, and works under it if it is granted. Throws tooz::Error where the library
  /// does; a register that does not answer is only written down.
  End take_a_turn(const std::string& name);

 private:
  std::optional<tooz::LockGuard> ask(const std::string& name);
  bool goes_on(const tooz::LockGuard& guard, const std::string& name);
  bool count_up(const tooz::LockGuard& guard, const std::string& name);
  std::optional<std::int64_t> access(const std::string& name, const Access& wanted);
  void give_back(tooz::LockGuard& guard, const std::string& name);
  Env::Duration draw(Env::Duration most);

  Env& env_;
  tooz::Coordinator& coordinator_;
  tooz::Backend& registers_;
  History& history_;
  const Setting setting_;
};

/// Under what the register that the lock `name` guards is kept.
std::string register_key(const std::string& name);

}  // namespace sim
