#pragma once
#include "tooz/recipes/broadcast.h"
#include "tooz/recipes/lease.h"

#include <deque>
#include <functional>

namespace tooz {

/// A key that we may have written and must not leave behind: the answer was lost.
struct Leftover {
  std::shared_ptr<Lease> lease;  ///< when this is over, so is the key
  std::string key;
  std::string value;                      ///< only a key with this value is ours
  Revision revision = 0;                  ///< not 0: it has this one, nobody need look
  Env::TimePoint due = Env::TimePoint{};  ///< not before
  bool may_come = false;  ///< the request may still arrive: look once more, one lease later
};

/// Removes leftovers in the background, as soon as the backend answers. Bounded: where too many
/// pile up, their lease is ended instead, and all go with it. Also does what need not be waited
/// for. Thread-safe.
class Cleaner {
 public:
  Cleaner(Env& env, Backend& backend);
  ~Cleaner() { stop(); }
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;

  void add(Leftover leftover) noexcept;
  /// Called soon by the thread here, or by the caller when there is much to do already; not at all
  /// after stop(). Does not throw.
  void soon(std::function<void()> errand);
  void stop();  ///< what is left then goes with its lease

 private:
  void run(const std::stop_token& stop);
  void do_errands(const std::stop_token& stop);
  std::deque<Leftover> take_due(Env::TimePoint now);
  Env::TimePoint next_due() const;
  bool remove(const Leftover& leftover) noexcept;

  Env& env_;
  Backend& backend_;
  Broadcast added_;
  mutable std::mutex mutex_;
  std::deque<Leftover> leftovers_;
  std::deque<std::function<void()>> errands_;
  bool stopped_ = false;
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz
