#pragma once
#include "tooz/recipes/cleaner.h"
#include "tooz/recipes/key_watch.h"
#include "tooz/recipes/losses.h"
#include "tooz/recipes/session.h"

namespace tooz {

/// What all recipes of one coordinator share. Locks, guards and elections hold it too, so it
/// outlives the coordinator where they do; shutdown() has ended its threads by then.
struct Core {
  struct Setting {
    std::string member_id;
    Env::Duration lease{};
    Env::Duration lock_delay{};  ///< 0: none
    Flaws flaws = {};
    std::shared_ptr<Metrics> metrics = {};
  };
  Core(Env& env, std::unique_ptr<Backend> backend, Setting setting);

  Env& env;
  const std::unique_ptr<Backend> backend;
  const std::string member_id;
  const Env::Duration lock_delay;
  const Flaws flaws;
  const Meter meter;
  std::stop_source stopping;  ///< told to every thread of the coordinator
  SessionKeeper sessions;
  /// Where there is a lock delay: the session of the places in queues. It outlasts the other.
  std::optional<SessionKeeper> delays;
  Cleaner cleaner;
  KeyWatches watches;
  Losses losses;

  /// Under what a place in a queue stands whose owner acts under `lease`. Throws tooz::Error.
  std::shared_ptr<Lease> lease_for_places(const std::shared_ptr<Lease>& lease);

  /// Ends the lease and closes the session; afterwards no call needs the backend.
  void shutdown();
};

/// What came of asking for a key to be created.
struct Created {
  std::optional<Revision> revision;  ///< its creation; none: somebody else's stands, or the guard
                                     ///< does not hold
  bool may_come = false;             ///< some request went unanswered, and may still arrive
};

/// Creates `key` under `lease`; after a lost answer looks what became of it, and asks again.
/// `value` tells our key from anybody else's. Error{kUnreachable}: it may have been made, and may
/// still be. Error{kSessionLost}: the lease is ended as well.
Created create_surely(Core& core, Lease& lease, const std::string& key, const std::string& value,
                      const Guard& guard = {});

}  // namespace tooz
