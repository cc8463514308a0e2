#pragma once
#include "tooz/driver.h"

namespace tooz {

/// `mysql://[user[:password]@]host[:port][,…]/database`: MySQL and MariaDB, by libmariadb. Several
/// hosts are one database and its replicas: the one that takes writes is used. A call is bounded by
/// the option `timeout`, 5 s unless given. Neither thread nor socket exists before the first call.
/// Throws Error{kBadUrl}.
std::unique_ptr<Backend> open_mysql(Env& env, const Url& url);

inline constexpr Features kMysqlFeatures{
    .survives_restart = true,
    .linearizable = true,
    .notifies = false,
    .evicts = false,
    .across_hosts = true,
    .max_value = 1 << 20,
};

}  // namespace tooz
