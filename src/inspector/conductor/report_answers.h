#pragma once
#include "base/env.h"
#include "inspector/error.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspector {

/// SHA-256, as 32 bytes.
std::string sha256(std::string_view text);

/// The answers to reports, by the digest of the body: a ramdisk that repeats its report while the
/// first is being processed waits for the same answer, and gets it also when it comes later. Only
/// answers of reports that found their node are kept, for an hour, the oldest go first.
/// Thread-safe.
class ReportAnswers {
 public:
  struct Answer {
    std::string uuid;                            ///< of the node that was found; empty: none
    std::optional<base::Env::WallTime> attempt;  ///< that node's started_at at that time
    std::optional<Error> error;                  ///< none: accepted
    bool keep = false;                           ///< a repeat may be answered with this
  };

  /// One report in processing, or processed. Shared by all who posted it.
  class Run;
  using RunPtr = std::shared_ptr<Run>;

  ReportAnswers(base::Env& env, std::size_t max_runs) : env_(env), max_runs_(max_runs) {}

  struct Joined {
    RunPtr run;
    bool first = false;            ///< the caller processes the report and calls settle()
    std::optional<Answer> kept{};  ///< the run has ended with this
  };
  /// Joins the run of that digest, or begins one.
  Joined join(const std::string& digest);

  /// Begins anew although an answer is kept: the node has been started again since.
  Joined replace(const std::string& digest, const RunPtr& old);

  /// Ends a run and wakes everybody who waits for it.
  void settle(const RunPtr& run, Answer answer);

  /// The answer; nullopt at `deadline` or when `stop` is requested.
  std::optional<Answer> wait(const RunPtr& run, base::Env::TimePoint deadline,
                             const std::stop_token& stop);

 private:
  Joined begin(const std::string& digest);  ///< under mutex_
  void trim(base::Env::TimePoint now);      ///< under mutex_

  base::Env& env_;
  const std::size_t max_runs_;
  std::mutex mutex_;
  std::map<std::string, RunPtr, std::less<>> runs_;
  std::deque<std::pair<base::Env::TimePoint, RunPtr>> kept_;  ///< in the order of their end
};

}  // namespace inspector
