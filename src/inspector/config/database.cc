#include "inspector/config/database.h"

#include "base/ini.h"
#include "inspector/config/renamed.h"

namespace inspector {

DatabaseOptions read_database(const base::Ini& ini) {
  DatabaseOptions options;
  options.connection = renamed_text(ini,
                                    {{"database", "connection"},
                                     {"DEFAULT", "sql_connection"},
                                     {"DATABASE", "sql_connection"},
                                     {"sql", "connection"}},
                                    options.connection);
  if (options.connection.empty())
    throw base::ConfigError("[database]connection is empty; accepted: a database URL");

  constexpr std::int64_t kMostConnections = 10000;
  const std::int64_t pool = ini.integer("database", "max_pool_size", 5, 0, kMostConnections);
  const std::int64_t overflow = ini.integer("database", "max_overflow", 50, 0, kMostConnections);
  // 0 asks upstream's pool for no limit at all; ours always has one.
  options.limits.max_connections =
      static_cast<std::size_t>(pool == 0 ? kMostConnections : pool + overflow);
  options.limits.wait = std::chrono::seconds(ini.integer("database", "pool_timeout", 10, 0, 3600));
  return options;
}

}  // namespace inspector
