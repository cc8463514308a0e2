#pragma once
#include "base/env.h"
#include "inspector/conductor/operation.h"

#include <boost/json/fwd.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// SHA-256, as 32 bytes.
std::string sha256(std::string_view text);
/// The same in hexadecimal.
std::string sha256_hex(std::string_view text);
/// The same of what boost::json::serialize() makes of `object`, without the whole of that text.
std::string sha256_hex(const boost::json::object& object);

/// The reports that are being processed here, by the digest of their bodies: whoever repeats one
/// waits for the same answer, and who was first sees to it. What outlives the processing stands in
/// the journal. Thread-safe.
class ReportAnswers {
 public:
  /// One report in processing. Shared by all who posted it.
  class Run;
  using RunPtr = std::shared_ptr<Run>;

  ReportAnswers(base::Env& env, std::size_t max_runs) : env_(env), max_runs_(max_runs) {}

  struct Joined {
    RunPtr run;
    bool first = false;  ///< the caller sees to it that settle() and forget() are called
  };
  /// Joins the run of that digest, or begins one. Throws Error{kUnavailable}: there are too many.
  Joined join(const std::string& digest);

  /// Wakes everybody who waits for it; who joins later gets this answer too.
  void settle(const RunPtr& run, KeptAnswer answer);

  /// Of who was the first, until it is answered or he leaves it.
  enum class Led {
    kAnswered,
    kGivenBack,  ///< whoever processed it found that somebody else does, elsewhere
    kNothing,    ///< yet
  };
  /// Returns at `deadline` at the latest, or when `stop` is requested.
  Led lead(const RunPtr& run, base::Env::TimePoint deadline, const std::stop_token& stop);
  /// He waits no longer. False: it has been given back, and he has to settle it.
  bool leave(const RunPtr& run);
  /// False: nobody leads it any more, and the caller has to settle it.
  bool give_back(const RunPtr& run);

  /// Nobody joins it any more.
  void forget(const RunPtr& run);

  /// The answer; nullopt at `deadline` or when `stop` is requested.
  std::optional<KeptAnswer> wait(const RunPtr& run, base::Env::TimePoint deadline,
                                 const std::stop_token& stop);

 private:
  base::Env& env_;
  const std::size_t max_runs_;
  std::mutex mutex_;
  std::map<std::string, RunPtr, std::less<>> runs_;
};

}  // namespace inspector
