#pragma once
#include <map>
#include <mutex>
#include <string>

#include "tooz/lock.h"

namespace sim {

/// Watches over the holders of one lock by the world's own clock. A token is live from its grant to
/// the last moment at which its holder, asking remaining(), was told to go on.
class LockJudge {
 public:
  using TimePoint = base::Env::TimePoint;

  /// The holder of `token`, granted before `granted`, saw remaining() > 0 after `seen`.
  void look(const std::string& who, const tooz::Token& token, TimePoint granted, TimePoint seen);

  /// What must never happen, and did first; empty: nothing.
  std::string violation() const;
  void report(const std::string& what);

  std::uint64_t grants() const;  ///< tokens seen live
  TimePoint last_grant() const;

 private:
  struct Life {
    std::string who;
    TimePoint from;
    TimePoint to;
  };
  void compare(tooz::Revision number, const Life& life);

  mutable std::mutex mutex_;
  std::map<tooz::Revision, Life> lives_;  ///< the last ones
  std::string origin_;
  std::uint64_t grants_ = 0;
  TimePoint last_grant_{};
  std::string violation_;
};

}  // namespace sim
