// The locks of nodes with a mistake in them: whoever holds one believes that he holds it for ever.
// Linked before the library, it stands in the place of conductor/tooz_node_locks.cc.
#define tooz_node_locks seeing_node_locks
#include "inspector/conductor/tooz_node_locks.cc"
#undef tooz_node_locks

namespace inspector {

std::unique_ptr<NodeLocks> tooz_node_locks(tooz::Coordinator& coordinator);

namespace {

class BlindHeld final : public NodeLock::Held {
 public:
  explicit BlindHeld(NodeLock lock) : lock_(std::move(lock)) {}
  const tooz::Token& token() const noexcept override { return lock_.token(); }
  base::Env::Duration remaining() const noexcept override { return std::chrono::hours(1); }
  std::stop_token lost() const noexcept override { return {}; }

 private:
  NodeLock lock_;
};

std::optional<NodeLock> blind(std::optional<NodeLock> lock) {
  if (!lock) return std::nullopt;
  return NodeLock(std::make_unique<BlindHeld>(*std::move(lock)));
}

class BlindNodeLocks final : public NodeLocks {
 public:
  explicit BlindNodeLocks(std::unique_ptr<NodeLocks> seeing) : seeing_(std::move(seeing)) {}

  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    return blind(seeing_->try_acquire(uuid));
  }
  std::optional<NodeLock> acquire(std::string_view uuid, base::Env::TimePoint deadline,
                                  std::stop_token stop) override {
    return blind(seeing_->acquire(uuid, deadline, std::move(stop)));
  }

 private:
  std::unique_ptr<NodeLocks> seeing_;
};

}  // namespace

std::unique_ptr<NodeLocks> tooz_node_locks(tooz::Coordinator& coordinator) {
  return std::make_unique<BlindNodeLocks>(seeing_node_locks(coordinator));
}

}  // namespace inspector
