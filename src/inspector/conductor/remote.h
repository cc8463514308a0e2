#pragma once
#include "inspector/conductor/conductor.h"
#include "inspector/conductor/directory.h"
#include "rpc/rpc.h"

#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// Asks a conductor in another process, one drawn by chance. One that cannot have taken the call is
/// left for another. A call that may have been taken is made again only if that is recognised: a
/// report, known by its digest, and a start, known by its attempt; any other is
/// Error{kUnavailable}. Who did not answer is asked last for a while. None left:
/// Error{kUnavailable, `No available conductor service`}. No call lasts longer than 19 s, whatever
/// its deadline.
class RemoteConductor final : public Conductor {
 public:
  /// All outlive it.
  RemoteConductor(base::Env& env, ConductorDirectory& directory, rpc::Transport& transport)
      : env_(env), directory_(directory), transport_(transport) {}

  void introspect(std::string_view node, bool manage_boot, const Call& call) override;
  void abort(std::string_view node, const Call& call) override;
  void reapply(std::string_view uuid, const boost::json::object* data, const Call& call) override;
  std::string process(ParsedReport report, const Call& call) override;

 private:
  struct Ask {
    std::string_view method;
    boost::json::object params;
    base::Env::Duration most;  ///< time for all attempts together
    bool repeatable = false;   ///< a repetition is recognised
  };
  boost::json::value ask(Ask ask, const Call& call);
  boost::json::value ask_one(const ConductorEndpoint& whom, Ask& ask, base::Env::TimePoint deadline,
                             const std::stop_token& stop);
  std::vector<ConductorEndpoint> in_order();
  void suspect(const std::string& url);

  base::Env& env_;
  ConductorDirectory& directory_;
  rpc::Transport& transport_;
  std::mutex mutex_;
  std::map<std::string, base::Env::TimePoint> suspects_;  ///< by URL, until when
};

}  // namespace inspector
