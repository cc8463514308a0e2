#pragma once
#include "tooz/driver.h"

namespace tooz {

/// Redis from 5 on: `redis://`, `rediss://` (TLS), default localhost:6379; several hosts are tried
/// for the one that takes writes; with the option `sentinel` they are asked which server that is. A
/// call is bounded by the option `timeout`, 5 s unless given, and the resolver's time for a host
/// that is a name. Neither thread nor socket exists before the first call. Throws Error{kBadUrl}.
std::unique_ptr<Backend> open_redis(Env& env, const Url& url);

/// A server that was started again, or succeeded another, may have forgotten what it acknowledged:
/// leases end then, and the origin is another.
inline constexpr Features kRedisFeatures{
    .survives_restart = false,
    .linearizable = true,
    .notifies = true,
    .evicts = false,
    .across_hosts = true,
    .max_value = 1 << 20,
};

}  // namespace tooz
