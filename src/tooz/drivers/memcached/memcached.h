#pragma once
#include "tooz/driver.h"

namespace tooz {

/// `memcached://[host[:port]]`, one server, localhost:11211 unless given. Each call is bounded by
/// the option `timeout`, 5 s unless given, and the resolver's time for a host that is a name. No
/// socket exists before the first call, and never a thread. Throws Error{kBadUrl}.
std::unique_ptr<Backend> open_memcached(Env& env, const Url& url);

/// When the server is started again, flushed, or evicts what is needed, all is gone: leases end,
/// and the origin is another.
inline constexpr Features kMemcachedFeatures{
    .survives_restart = false,
    .linearizable = true,
    .notifies = false,
    .evicts = true,
    .across_hosts = true,
    .max_value = 1'000'000,  // a server takes 1 MiB for an item and its name unless told otherwise
};

}  // namespace tooz
