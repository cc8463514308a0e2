#pragma once
#include "sql/database.h"

#include <deque>
#include <memory>
#include <mutex>

namespace sql {

/// Lets those who write at the same time share one transaction, and so one flush to the disk: while
/// one of them executes what has come, the next wait, and the first of these then executes all that
/// came meanwhile. In the order of arrival. Thread-safe.
class WriteGroup {
 public:
  using Body = std::function<void(Transaction&)>;

  struct Task {
    const Body& body;
    std::exception_ptr failure;  ///< of this one; null: it is committed
  };
  using Batch = std::vector<std::shared_ptr<Task>>;
  /// Runs the bodies, for each as if in a transaction of its own, and sets the failures. Throws
  /// what is the failure of all that have none yet.
  using Execute = std::function<void(const Batch&)>;

  /// @param wait  for the turn, before anything of ours was executed
  WriteGroup(base::Env& env, base::Env::Duration wait, Execute execute)
      : env_(env), wait_(wait), execute_(std::move(execute)) {}

  /// Returns when `body` is committed; it may run on the thread of another caller. Throws its
  /// failure; Error{kUnreachable}: its turn did not come in time, and it will not run.
  void run(const Body& body);

 private:
  struct Member : Task {
    Member(const Body& body_, std::unique_ptr<base::Env::Event> woken_)
        : Task{body_, nullptr}, woken(std::move(woken_)) {}
    std::unique_ptr<base::Env::Event> woken;  ///< look at the state
    enum class State { kWaiting, kLeads, kTaken, kDone } state = State::kWaiting;
  };
  using MemberPtr = std::shared_ptr<Member>;

  static constexpr std::size_t kMost = 64;  ///< in one transaction

  Member::State enter(const MemberPtr& self);
  void lead();
  Member::State wait_for_turn(const MemberPtr& self);

  base::Env& env_;
  const base::Env::Duration wait_;
  const Execute execute_;
  std::mutex mutex_;
  bool led_ = false;  ///< somebody leads, or was told to
  std::deque<MemberPtr> waiting_;
};

}  // namespace sql
