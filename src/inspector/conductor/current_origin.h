#pragma once
#include "base/env.h"
#include "inspector/conductor/node_locks.h"
#include "sql/database.h"

#include <memory>

namespace inspector {

/// The same locks, with tokens that a database takes that has been written to by others since: by
/// the service in one process, or under another backend. The database orders origins by their first
/// use, so one that comes back goes on under another name, `origin@generation`, which it gets when
/// a process uses it for the first time and finds that the newest one is not its own. All processes
/// of a backend come to the same name: at once when they start, within some seconds when they live.
/// Tokens that were granted before keep the old name, and are refused.
///
/// Two backends that are in use at once stay what they are, a mistake that shows as refused writes:
/// nobody gets another name twice. Granting a lock throws sql::Error too: the database is asked now
/// and then. Both outlive it.
std::unique_ptr<NodeLocks> with_current_origin(base::Env& env, NodeLocks& locks,
                                               sql::Database& database);

}  // namespace inspector
