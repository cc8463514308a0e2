#pragma once
#include "tooz/driver.h"

namespace tooz {

/// `postgresql://[user[:password]@]host[:port][,…][/database]`, by libpq. Several hosts are one
/// database and its standbys: the one that takes writes is used. A call is bounded by the option
/// `timeout`, 5 s unless given. Neither thread nor socket exists before the first call. Throws
/// Error{kBadUrl}.
std::unique_ptr<Backend> open_postgresql(Env& env, const Url& url);

inline constexpr Features kPostgresqlFeatures{
    .survives_restart = true,
    .linearizable = true,
    .notifies = true,
    .evicts = false,
    .across_hosts = true,
    .max_value = 1 << 20,
};

}  // namespace tooz
