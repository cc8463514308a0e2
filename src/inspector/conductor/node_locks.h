#pragma once
#include "base/env.h"
#include "tooz/lock.h"

#include <memory>
#include <optional>
#include <string_view>

namespace inspector {

/// Proof of holding a node's lock; its destructor gives it back. Move-only.
class NodeLock {
 public:
  /// One kind of lock behind it.
  struct Held {
    virtual ~Held() = default;  ///< releases
    virtual const tooz::Token& token() const noexcept = 0;
    virtual base::Env::Duration remaining() const noexcept = 0;
    virtual std::stop_token lost() const noexcept = 0;
  };
  explicit NodeLock(std::unique_ptr<Held> held) : held_(std::move(held)) {}

  const tooz::Token& token() const noexcept { return held_->token(); }
  base::Env::Duration remaining() const noexcept { return held_->remaining(); }
  std::stop_token lost() const noexcept { return held_->lost(); }

 private:
  std::unique_ptr<Held> held_;
};

/// The locks of nodes: one at a time works on a node. In-process in standalone, tooz locks
/// `ironic_inspector.<uuid>` otherwise; nothing else knows which. Thread-safe.
/// Throws Error{kUnavailable} when the coordination backend does not answer.
class NodeLocks {
 public:
  virtual ~NodeLocks() = default;
  virtual std::optional<NodeLock> try_acquire(std::string_view uuid) = 0;  ///< nullopt: held
  /// nullopt at `deadline` or when `stop` is requested.
  virtual std::optional<NodeLock> acquire(std::string_view uuid, base::Env::TimePoint deadline,
                                          std::stop_token stop) = 0;
};

/// Tokens of in-process locks: an origin made anew at each start, counted in memory.
std::unique_ptr<NodeLocks> local_node_locks(base::Env& env);

}  // namespace inspector
