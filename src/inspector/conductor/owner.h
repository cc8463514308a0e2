#pragma once
#include "base/env.h"
#include "inspector/conductor/journal.h"
#include "inspector/conductor/node_locks.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace inspector {

/// This process as the owner of operations. Its incarnation is a random name, and the proof that it
/// lives is a lock of that name, held under the same lease as the locks of nodes: whoever can take
/// that lock knows that the owner's lease is over. When the lease is lost, its operations are given
/// away in the journal, and it goes on under a new name. Thread-safe.
class Owner {
 public:
  /// What an owner with that incarnation holds as long as he lives.
  static std::string lock_name(std::string_view incarnation);

  /// Tries once to prove itself, then goes on trying on a thread of its own. All outlive it.
  Owner(base::Env& env, NodeLocks& locks, Journal& journal, std::string host);
  ~Owner();  ///< gives the lock back
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;

  /// The incarnation is empty while we cannot prove that we live: what is accepted then belongs to
  /// nobody, and whoever can goes on with it.
  Journal::Owner now() const;

 private:
  bool prove();
  void keep(const std::stop_token& stop);
  void wait_for_loss(const std::stop_token& stop);
  void give_away(const std::string& incarnation, const std::stop_token& stop);

  base::Env& env_;
  NodeLocks& locks_;
  Journal& journal_;
  const std::string host_;
  mutable std::mutex mutex_;
  std::string incarnation_;
  std::shared_ptr<NodeLock> proof_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace inspector
