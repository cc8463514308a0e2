#pragma once
#include "inspector/conductor/conductor.h"
#include "rpc/rpc.h"

namespace inspector {

/// The conductor's methods, upstream's names and arguments: do_introspection, do_abort, do_reapply,
/// do_continue. Each takes `timeout` as well, the seconds that the caller waits, and `deadline`,
/// the hour (seconds since 1970, UTC) at which he gives up: the earlier counts. do_introspection
/// takes `attempt` and `repeated` (conductor.h). What is missing, or not known, is ignored. Faults
/// carry code, status and text of inspector::Error. `conductor` and `env` outlive `methods`.
void add_conductor_methods(rpc::Methods& methods, Conductor& conductor, base::Env& env);

}  // namespace inspector
