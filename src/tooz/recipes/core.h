#pragma once
#include "tooz/recipes/cleaner.h"
#include "tooz/recipes/session.h"

namespace tooz {

/// What all recipes of one coordinator share. Locks, guards and elections hold it too, so it
/// outlives the coordinator where they do; shutdown() has ended its threads by then.
struct Core {
  Core(Env& e, std::unique_ptr<Backend> b, std::string id, Env::Duration lease, Flaws f)
      : env(e),
        backend(std::move(b)),
        member_id(std::move(id)),
        flaws(f),
        sessions(e, *backend, lease, f),
        cleaner(e, *backend) {}

  Env& env;
  const std::unique_ptr<Backend> backend;
  const std::string member_id;
  const Flaws flaws;
  std::stop_source stopping;  ///< told to every thread of the coordinator
  SessionKeeper sessions;
  Cleaner cleaner;

  /// Ends the lease and closes the session; afterwards no call needs the backend.
  void shutdown() {
    stopping.request_stop();
    sessions.stop();
    cleaner.stop();
  }
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
