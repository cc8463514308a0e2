#pragma once
#include "sql/database.h"

#include <memory>
#include <string>

namespace base {
class Ini;
}

namespace inspector {

/// [database]
struct DatabaseOptions {
  std::string connection = "sqlite:///ironic_inspector.sqlite";  ///< a secret: may hold a password
  sql::DatabaseOptions limits;  ///< max_pool_size + max_overflow, pool_timeout and the like

  /// How often a server that is away is asked again when a service starts; nullopt: until it is
  /// there.
  std::optional<int> max_retries;
  base::Env::Duration retry_interval = std::chrono::seconds(1);
};

/// Does not connect yet. Throws base::ConfigError for a URL that cannot be used.
std::unique_ptr<sql::Database> open_database(base::Env& env, const DatabaseOptions& options);

/// Reads and checks; throws base::ConfigError.
DatabaseOptions read_database(const base::Ini& ini);

}  // namespace inspector
