#pragma once
#include "tooz/driver.h"

namespace tooz {

/// ZooKeeper by its C library: `zookeeper://`, `kazoo://`, default localhost:2181. Several hosts
/// are servers of one ensemble; another is taken when one does not answer. A user and a password
/// are credentials of the scheme `digest`, and what we make is theirs alone. A call is bounded by
/// the option `timeout`, 5 s unless given. Neither thread nor socket exists before the first call.
/// Throws Error{kBadUrl}.
std::unique_ptr<Backend> open_zookeeper(Env& env, const Url& url);

inline constexpr Features kZookeeperFeatures{
    .survives_restart = true,
    .linearizable = true,
    .notifies = true,
    .evicts = false,
    .across_hosts = true,
    .max_value = 1'000'000,  // a server takes 1 MiB for a whole request unless told otherwise
};

}  // namespace tooz
