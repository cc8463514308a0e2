#pragma once
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tooz/backend.h"

namespace sim {

/// A place in the one order of all that a History has seen begin and end.
using Moment = std::uint64_t;
constexpr Moment kNever = std::numeric_limits<Moment>::max();

/// What somebody asked for, and between which moments it has happened, if it has.
template <class Op>
struct Call {
  Op op;
  Moment begun = 0;
  Moment ended = kNever;  ///< kNever: no answer came; it happens later, or never
};

/// What was done with a lock. Only calls that were answered with a token.
struct LockUse {
  enum class Kind {
    kAcquire,  ///< the answer was `token`
    kLook,     ///< remaining() said: go on
    kRelease
  };
  Kind kind;
  tooz::Revision token;
};

/// What was asked of a register that refuses tokens older than one it has seen.
struct Access {
  enum class Kind { kRead, kWrite };
  Kind kind;
  tooz::Revision token;
  std::int64_t value = 0;  ///< to be written, or what was read
  bool refused = false;
};

/// What clients saw of locks and of the registers that these guard, by name. Thread-safe.
class History {
 public:
  struct Of {
    std::vector<Call<LockUse>> lock;
    std::vector<Call<Access>> cell;  ///< the register
  };

  Moment now() noexcept { return ++clock_; }
  void add(const std::string& name, const Call<LockUse>& call);

  /// Before and after a call of a register; who dies in between has asked all the same.
  std::size_t begin(const std::string& name, const Access& wanted);
  void end(const std::string& name, std::size_t call, const Access& answered);

  std::map<std::string, Of> all() const;

 private:
  std::atomic<Moment> clock_{0};
  mutable std::mutex mutex_;
  std::map<std::string, Of> of_;
};

/// What in a history cannot have been, name by name, by the two checkers; empty: all can. Throws
/// std::runtime_error: a history is too long to be judged.
std::string judge(const History& history);

}  // namespace sim
