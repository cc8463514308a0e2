#include "inspector/conductor/tooz_node_locks.h"

#include "base/log.h"
#include "inspector/error.h"
#include "tooz/error.h"

#include <string>

namespace inspector {
namespace {

class ToozHeld final : public NodeLock::Held {
 public:
  explicit ToozHeld(tooz::LockGuard guard) : guard_(std::move(guard)) {}
  const tooz::Token& token() const noexcept override { return guard_.token(); }
  base::Env::Duration remaining() const noexcept override { return guard_.remaining(); }
  std::stop_token lost() const noexcept override { return guard_.lost(); }

 private:
  tooz::LockGuard guard_;
};

class ToozNodeLocks final : public NodeLocks {
 public:
  explicit ToozNodeLocks(tooz::Coordinator& coordinator) : coordinator_(coordinator) {}

  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    return asked(uuid, [](tooz::Lock& lock) { return lock.try_acquire(); });
  }

  std::optional<NodeLock> acquire(std::string_view uuid, base::Env::TimePoint deadline,
                                  std::stop_token stop) override {
    return asked(uuid, [&](tooz::Lock& lock) { return lock.acquire(stop, deadline); });
  }

 private:
  template <class Ask>
  std::optional<NodeLock> asked(std::string_view uuid, Ask ask) {
    try {
      tooz::Lock lock = coordinator_.lock("ironic_inspector." + std::string(uuid));
      std::optional<tooz::LockGuard> guard = ask(lock);
      if (!guard) return std::nullopt;
      return NodeLock(std::make_unique<ToozHeld>(*std::move(guard)));
    } catch (const tooz::Error& error) {
      base::log_warning("inspector.locks", std::string("cannot lock a node: ") + error.what(),
                        {{"node", uuid}});
      throw Error(Errc::kUnavailable,
                  "The coordination backend does not answer, please, retry later");
    }
  }

  tooz::Coordinator& coordinator_;
};

}  // namespace

std::unique_ptr<NodeLocks> tooz_node_locks(tooz::Coordinator& coordinator) {
  return std::make_unique<ToozNodeLocks>(coordinator);
}

}  // namespace inspector
