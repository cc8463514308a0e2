#pragma once
#include "tooz/drivers/sql_kv/client.h"

namespace tooz::sql_kv {

inline constexpr std::size_t kMaxValue = 1 << 20;
inline constexpr std::size_t kMaxKey = 2048;  ///< what both servers put into an index

/// A Backend over a database. Neither thread nor socket exists before the first call.
std::unique_ptr<Backend> make_sql_backend(Env& env, std::unique_ptr<Server> server,
                                          Settings settings);

}  // namespace tooz::sql_kv
