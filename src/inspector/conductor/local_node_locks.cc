#include "inspector/conductor/node_locks.h"

#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace inspector {
namespace {

using base::Env;

/// One who waits for a lock. `granted` is guarded by the table's mutex, the event only wakes.
struct Waiter {
  std::unique_ptr<Env::Event> woken;
  bool granted = false;
};
using WaiterPtr = std::shared_ptr<Waiter>;

/// Which nodes are locked, and who waits for them in the order of arrival.
class Table {
 public:
  explicit Table(std::string origin) : origin_(std::move(origin)) {}

  bool take(const std::string& uuid) {
    const std::lock_guard guard(mutex_);
    return held_.try_emplace(uuid).second;
  }

  /// True: taken at once; false: `waiter` stands in the queue.
  bool take_or_queue(const std::string& uuid, const WaiterPtr& waiter) {
    const std::lock_guard guard(mutex_);
    const auto [entry, taken] = held_.try_emplace(uuid);
    if (!taken) entry->second.push_back(waiter);
    return taken;
  }

  /// Gives up waiting. True: the lock was granted meanwhile.
  bool granted_or_leave(const std::string& uuid, const WaiterPtr& waiter) {
    const std::lock_guard guard(mutex_);
    if (waiter->granted) return true;
    std::erase(held_.find(uuid)->second, waiter);
    return false;
  }

  void release(const std::string& uuid) {
    WaiterPtr next;
    {
      const std::lock_guard guard(mutex_);
      const auto entry = held_.find(uuid);
      if (entry->second.empty()) {
        held_.erase(entry);
        return;
      }
      next = entry->second.front();
      entry->second.pop_front();
      next->granted = true;
    }
    next->woken->set();
  }

  tooz::Token next_token() {
    const std::lock_guard guard(mutex_);
    return {origin_, ++number_};
  }

 private:
  const std::string origin_;
  std::mutex mutex_;
  std::map<std::string, std::deque<WaiterPtr>, std::less<>> held_;
  tooz::Revision number_ = 0;
};

class LocalHeld final : public NodeLock::Held {
 public:
  LocalHeld(std::shared_ptr<Table> table, std::string uuid)
      : table_(std::move(table)), uuid_(std::move(uuid)), token_(table_->next_token()) {}
  ~LocalHeld() override { table_->release(uuid_); }
  LocalHeld(const LocalHeld&) = delete;
  LocalHeld& operator=(const LocalHeld&) = delete;

  const tooz::Token& token() const noexcept override { return token_; }
  Env::Duration remaining() const noexcept override { return Env::Duration::max(); }
  std::stop_token lost() const noexcept override { return {}; }

 private:
  std::shared_ptr<Table> table_;
  std::string uuid_;
  tooz::Token token_;
};

class LocalNodeLocks final : public NodeLocks {
 public:
  explicit LocalNodeLocks(Env& env) : env_(env), table_(std::make_shared<Table>(origin(env))) {}

  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    if (!table_->take(std::string(uuid))) return std::nullopt;
    return grant(uuid);
  }

  std::optional<NodeLock> acquire(std::string_view uuid, Env::TimePoint deadline,
                                  std::stop_token stop) override {
    const auto waiter = std::make_shared<Waiter>();
    waiter->woken = env_.make_event();
    const std::string key(uuid);
    if (table_->take_or_queue(key, waiter)) return grant(uuid);
    waiter->woken->wait_until(deadline, stop);
    if (!table_->granted_or_leave(key, waiter)) return std::nullopt;
    return grant(uuid);
  }

 private:
  static std::string origin(Env& env) {
    char text[48];
    std::snprintf(text, sizeof text, "local-%016llx%016llx",
                  static_cast<unsigned long long>(env.random()),
                  static_cast<unsigned long long>(env.random()));
    return text;
  }

  NodeLock grant(std::string_view uuid) const {
    return NodeLock(std::make_unique<LocalHeld>(table_, std::string(uuid)));
  }

  Env& env_;
  std::shared_ptr<Table> table_;
};

}  // namespace

std::unique_ptr<NodeLocks> local_node_locks(base::Env& env) {
  return std::make_unique<LocalNodeLocks>(env);
}

}  // namespace inspector
