#pragma once
#include <map>
#include <memory>

#include "inspector/conductor/node_locks.h"
#include "tests/sim/lock_judge.h"

namespace sim {

/// One judge for each lock.
class LockJudges {
 public:
  std::shared_ptr<LockJudge> of(std::string_view name);
  std::string violation() const;  ///< of any; empty: none

 private:
  std::map<std::string, std::shared_ptr<LockJudge>, std::less<>> judges_;
};

/// The node locks of a process, whose holders are judged whenever they ask remaining().
std::unique_ptr<inspector::NodeLocks> judged_locks(base::Env& env, std::string who,
                                                   inspector::NodeLocks& inner, LockJudges& judges);

}  // namespace sim
