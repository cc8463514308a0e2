#pragma once
#include <map>
#include <mutex>
#include <string>

#include "tooz/lock.h"

namespace sim {

/// Watches over the holders of one lock, or of the permits of one semaphore, by the world's own
/// clock. A token is live from its grant to the last moment at which its holder, asking
/// remaining(), was told to go on.
class LockJudge {
 public:
  using TimePoint = base::Env::TimePoint;

  /// `permits`: so many may be live at once; of a lock one, or many that are shared.
  explicit LockJudge(std::size_t permits = 1) : permits_(permits) {}

  struct Holder {
    std::string who;
    bool shared = false;
  };
  /// The holder of `token`, granted before `granted`, saw remaining() > 0 after `seen`.
  void look(const Holder& holder, const tooz::Token& token, TimePoint granted, TimePoint seen);

  /// What must never happen, and did first; empty: nothing.
  std::string violation() const;
  void report(const std::string& what);

  std::uint64_t grants() const;  ///< tokens seen live
  TimePoint last_grant() const;

 private:
  struct Life {
    Holder holder;
    TimePoint from;
    TimePoint to;
  };
  void compare(tooz::Revision number, const Life& life);
  void count(const Life& life);

  const std::size_t permits_;

  mutable std::mutex mutex_;
  std::map<tooz::Revision, Life> lives_;  ///< the last ones
  std::string origin_;
  std::uint64_t grants_ = 0;
  TimePoint last_grant_{};
  std::string violation_;
};

}  // namespace sim
