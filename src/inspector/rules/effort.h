#pragma once
#include "base/env.h"

#include <cstddef>

namespace inspector {

/// What the rules of one run may cost: a report is the ramdisk's, and a rule that is harmless with
/// one may be without end with another. Not thread-safe.
class Effort {
 public:
  /// What is made of one text, and of all texts of a run together, in bytes.
  static constexpr std::size_t kLongestText = 1024UL * 1024;
  static constexpr std::size_t kMostText = 16UL * 1024 * 1024;

  explicit Effort(base::Env& env);

  /// Throws inspector::Error{kBadRequest} when all steps (a value looked at is one) or the time
  /// of the run have been used up.
  void step(std::size_t steps = 1);

  /// Throws as above when a text of this length, or all texts made in this run, are too long.
  void text(std::size_t bytes);

 private:
  void check_time();

  base::Env& env_;
  base::Env::TimePoint end_;
  std::size_t steps_ = 0;
  std::size_t next_look_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace inspector
