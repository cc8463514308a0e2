#pragma once
#include "tooz/driver.h"
#include "tooz/election.h"
#include "tooz/group.h"
#include "tooz/metrics.h"
#include "tooz/partition.h"
#include "tooz/semaphore.h"

#include <functional>
#include <map>

namespace tooz {

struct Wiring;  // recipes/wiring.h

/// What went with a lost lease, by name.
struct Lost {
  std::vector<std::string>
      groups;                      ///< joined again by now; also one from which somebody removed us
  std::vector<std::string> locks;  ///< held in either mode
  std::vector<std::string> permits;      ///< of these semaphores
  std::vector<std::string> leaderships;  ///< of these groups
};

/// What a program cannot do without. A backend that does not promise it is refused.
struct Requirements {
  bool survives_restart = false;
  bool linearizable = false;
  bool notifies = false;
  bool across_hosts = false;
  bool keeps_live_keys = false;  ///< does not evict
};

struct Options {
  /// What join() and election() write; only who does either needs one of its own.
  std::string member_id;
  Env::Duration lease = std::chrono::seconds(10);  ///< after a crash, others take over this late
  /// After a lock was lost (not: given back), nobody else gets it before this time is over, counted
  /// from when its holder was told to stop. For resources that cannot check tokens. Also for
  /// permits and leaderships; who takes a free one then writes two keys, not one.
  Env::Duration lock_delay{};
  Requirements require = {};  ///< else Error{kUnsuitable} from the constructor, before any I/O
  std::shared_ptr<Metrics> metrics = {};  ///< told of all that the coordinator does; may be null
  /// After a lost lease, when all is joined again, and when we have joined a group again from which
  /// somebody else had removed us. Called by a thread of the coordinator.
  std::function<void(const Lost&)> on_rejoined;
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
  /// Over a backend that is no driver of this build, or in a simulated world.
  Coordinator(Env& env, Wiring wiring, Options options);
  /// Leaves and releases everything, in one call. For a backend that does not answer it waits until
  /// a call under way is over. Guards, locks and elections may outlive it: they are lost then.
  ~Coordinator();
  Coordinator(const Coordinator&) = delete;
  Coordinator& operator=(const Coordinator&) = delete;

  const Features& features() const noexcept;  ///< what the backend promises
  bool connected() const noexcept;  ///< we have a lease, and the last renewal was answered

  // Names of groups, members and locks are refused with Error{kBadName} when they are empty, longer
  // than 512 bytes, not UTF-8, or contain '/' or NUL.

  bool create_group(std::string_view group);  ///< false: it exists
  bool remove_group(std::string_view group);  ///< false: absent or not empty
  std::vector<std::string> groups();

  /// Joins, or takes the place of an earlier incarnation of this member id that is known to be dead
  /// or whose lease ends while we wait. Who is in it already gets the new capabilities; null ones
  /// are stored as an empty map, which Python's readers need. Error{kNoSuchGroup}. false: a live
  /// process has this id, and the log names both. Blocks for at most one lease, a tenth of it or a
  /// second more, and the timeout of a few calls.
  bool join(std::string_view group, const Value& capabilities);
  bool leave(std::string_view group);  ///< false: was not in it
  bool update_capabilities(std::string_view group, const Value& capabilities);  ///< likewise

  /// From memory, in less than a microsecond, kept true by a watch (and its thread) that starts
  /// with the first call for a group; only that one waits, and the first after a change that we
  /// have made. Goes on while the backend is away. Error{kNoSuchGroup}; before the first view,
  /// Error{kUnreachable}. Members whose capabilities are not msgpack are left out.
  View view(std::string_view group);
  /// Blocks until something has happened in `group` since the last call, or `stop` is requested
  /// (then empty). The first call reports everybody as joined; a group that is absent has nobody in
  /// it. All callers share what the last call has reported; follow() gives one of his own.
  GroupChange next_change(std::string_view group, std::stop_token stop);
  /// A reader of its own; it may outlive the coordinator, and reports nothing any more then.
  Follower follow(std::string_view group);

  // These do not call the backend.
  Lock lock(std::string_view name, Mode mode = Mode::kExclusive);
  /// `permits` from 1 to 10,000, else Error{kOtherPermits}; the same number for all who use `name`.
  Semaphore semaphore(std::string_view name, std::size_t permits);
  Election election(std::string_view group);
  /// Keys over the members of `group`, who need not know of it. `partitions` as Python's: points on
  /// the ring for each share.
  std::unique_ptr<Partition> partition(std::string_view group, unsigned partitions = 32);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tooz
