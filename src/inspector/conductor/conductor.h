#pragma once
#include "base/env.h"
#include "inspector/parsed_report.h"

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace inspector {

/// What the API asks of a conductor, here or in another process. Thread-safe. Each call returns by
/// `deadline` (Error{kUnavailable} then) or soon after `stop` is requested, and throws
/// inspector::Error with the text and status that the client is to see. What was accepted stands in
/// the database before the call returns; one that comes after its deadline is not carried out.
class Conductor {
 public:
  struct Call {
    base::Env::TimePoint deadline;
    std::stop_token stop;
    /// Names this start, so that a repetition of it is recognised. Empty: it is not repeated.
    std::string attempt{};
    bool repeated = false;  ///< an earlier call with this `attempt` may have been carried out
  };

  virtual ~Conductor() = default;

  /// Starts the introspection of a node named by UUID or name. With `manage_boot` it goes on in the
  /// background after the state change; without, it is done when this returns.
  virtual void introspect(std::string_view node, bool manage_boot, const Call& call) = 0;

  virtual void abort(std::string_view node, const Call& call) = 0;

  /// Processes stored data again, or `data` when given. Goes on in the background.
  virtual void reapply(std::string_view uuid, const boost::json::object* data,
                       const Call& call) = 0;

  /// Processes a ramdisk's report. Returns the node's UUID. The same report again gets the answer
  /// of the first, here or from any other conductor, for an hour or until the node's next start.
  virtual std::string process(ParsedReport report, const Call& call) = 0;
};

}  // namespace inspector
