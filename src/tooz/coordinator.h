#pragma once
#include "tooz/election.h"
#include "tooz/lock.h"

#include <functional>
#include <map>

namespace tooz {

class Value;  // value.h: null, bool, integer, real, text, bytes, list, map; stored as msgpack

struct Member {
  std::string id;
  std::shared_ptr<const Value> capabilities;
  Revision incarnation = 0;  ///< another one when the member left and came back
};

/// What leads from the view a caller had to the view he has now, in order.
struct GroupChange {
  std::vector<Member> joined;
  std::vector<Member> left;
  std::vector<Member> changed;  ///< other capabilities
  bool gap = false;             ///< visits between the two views may have gone unseen
};

struct View {
  std::vector<Member> members;  ///< by id
  Env::TimePoint as_of;         ///< the last moment it is known to have been true
};

struct Options {
  std::string
      member_id;  ///< what join() and election() write; only who does either needs one of its own
  Env::Duration lease = std::chrono::seconds(10);  ///< after a crash, others take over this late
  std::function<void()> on_rejoined;               ///< after a lost lease, when all is joined again
};

/// A process's place in the coordination service: groups, elections and locks under one lease.
///
/// When the lease is lost, every LockGuard and Leadership reports it; the coordinator opens a new
/// one by itself, joins its groups again as a new incarnation, and calls `on_rejoined`.
/// Thread-safe. Calls throw tooz::Error when they cannot do their task.
class Coordinator {
 public:
  /// Does not wait for the backend: connected() tells, calls throw kUnreachable until it answers.
  /// @param url scheme://[user:password@]host[:port][,host...]/[path][?timeout=5s&...], the scheme
  /// one
  ///        of drivers(). `timeout` bounds each call; `membership_timeout` and `lock_timeout`
  ///        (upstream's names) set the lease, the smaller if both are given, and win over
  ///        `options.lease`; `timeout` alone does not change it. Numbers are seconds; a unit may
  ///        follow. Upstream's options without meaning for us (`api_version`) are accepted and do
  ///        nothing; unknown ones are Error{kBadUrl}, before any I/O.
  Coordinator(Env& env, std::string_view url, Options options);
  ~Coordinator();  ///< leaves and releases everything; a backend that does not answer is not waited
                   ///< for

  bool connected() const noexcept;

  bool create_group(std::string_view group);  ///< false: it exists
  bool remove_group(std::string_view group);  ///< false: absent or not empty
  std::vector<std::string> groups();

  /// Joins, or takes the place of an earlier incarnation of this member id that is known to be dead
  /// or whose lease ends while we wait. Error{kNoSuchGroup}. false: a live process has this id.
  /// Blocks for at most one lease and the timeout of a call.
  bool join(std::string_view group, const Value& capabilities);
  bool leave(std::string_view group);  ///< false: was not in it
  void update_capabilities(std::string_view group, const Value& capabilities);

  /// From memory, kept true by a watch that starts with the first call; only that one waits.
  View view(std::string_view group);
  /// Blocks until `group` differs from what the last call reported, or `stop` is requested (then
  /// empty). The first call reports everybody as joined.
  GroupChange next_change(std::string_view group, std::stop_token stop);

  Lock lock(std::string_view name, Mode mode = Mode::kExclusive);
  Election election(std::string_view group);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tooz
