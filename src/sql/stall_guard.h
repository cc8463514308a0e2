#pragma once
#include "base/env.h"

#include <list>
#include <memory>
#include <mutex>

namespace sql {

/// Cuts connections whose server fell silent: libpq waits for an answer without end, and so would
/// everybody behind it. A thread of its own looks now and then at the transactions under way, and
/// shuts the socket of an overdue one down, whereupon its owner gets an error. Thread-safe.
class StallGuard {
 public:
  /// Overdue is who is under way longer than `limit`; it is seen within a quarter of that.
  StallGuard(base::Env& env, base::Env::Duration limit) : env_(env), limit_(limit) {}

  /// From its construction to its destruction `socket` must be open. -1: watches nothing.
  class Watch {
   public:
    Watch(StallGuard& guard, int socket);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    bool cut() const noexcept;  ///< the guard has ended it

   private:
    friend class StallGuard;
    StallGuard& guard_;
    int socket_;
    base::Env::TimePoint due_{};
    bool cut_ = false;
  };

 private:
  void start_thread();
  void look(base::Env::TimePoint now);

  base::Env& env_;
  const base::Env::Duration limit_;
  mutable std::mutex mutex_;
  std::list<Watch*> watches_;
  bool started_ = false;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace sql
