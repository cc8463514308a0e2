#pragma once
#include "tooz/driver.h"

namespace tooz {

/// etcd v3 by gRPC: `etcd3://`, `etcd3+http://`, `etcd3+https://`, default localhost:2379. Several
/// hosts are endpoints of one cluster; another is taken when one does not answer. A call is bounded
/// by the option `timeout`, 5 s unless given. Neither thread nor socket exists before the first
/// call. Throws Error{kBadUrl}.
std::unique_ptr<Backend> open_etcd(Env& env, const Url& url);

inline constexpr Features kEtcdFeatures{
    .survives_restart = true,
    .linearizable = true,
    .notifies = true,
    .evicts = false,
    .across_hosts = true,
    .max_value = 1'500'000,  // a server takes 1.5 MiB for a whole request unless told otherwise
};

}  // namespace tooz
