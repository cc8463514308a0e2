#include "inspector/service/stores.h"

#include "base/log.h"
#include "inspector/ironic/http_client.h"
#include "inspector/node/schema.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.service";
constexpr base::Env::Duration kPause = std::chrono::seconds(1);
constexpr int kAttempts = 10;
constexpr base::Env::Duration kLogEvery = std::chrono::seconds(10);

std::unique_ptr<DataStore> data_store(base::Env& env, const Config& config, sql::Database& database,
                                      NodeStore& nodes) {
  const std::string& kind = config.processing.store_data;
  if (kind == "database") return database_data_store(database, nodes);
  if (kind == "swift") return swift_data_store(env, config.swift);
  base::log_warning(kComponent,
                    "Introspection data will not be stored. Change \"[processing]store_data\" "
                    "option if this is not the desired behavior");
  return no_data_store();
}

/// The server may go away again between await_database() and this; a file does not come by itself.
void check_schema_patiently(base::Env& env, sql::Database& database) {
  const int attempts = database.dialect() == sql::Dialect::kSqlite ? 0 : kAttempts;
  for (int left = attempts;; --left) {
    try {
      check_schema(database);
      return;
    } catch (const sql::Error& error) {
      if (error.code != sql::Errc::kUnreachable || left == 0) throw;
    }
    env.sleep_for(kPause, {});
  }
}

}  // namespace

Stores::Stores(base::Env& env, const Config& config)
    : Stores(env, config, open_database(env, config.database),
             ironic::http_client(env, config.ironic)) {}

Stores::Stores(base::Env& env, const Config& config, std::unique_ptr<sql::Database> database_,
               std::unique_ptr<ironic::Client> ironic_)
    : database(std::move(database_)),
      nodes(env, *database),
      rules(env, *database),
      data(data_store(env, config, *database, nodes)),
      ironic(std::move(ironic_)) {
  check_schema_patiently(env, *database);
  base::log_info(kComponent, "The database is " + database->safe_url());
}

bool await_database(base::Env& env, const DatabaseOptions& options, const std::stop_token& stop) {
  const auto opened = open_database(env, options);
  sql::Database& database = *opened;
  if (database.dialect() == sql::Dialect::kSqlite) return true;
  auto next_line = env.now();
  int tried = 0;
  while (!stop.stop_requested()) {
    try {
      database.run(sql::Access::kRead, [](sql::Transaction& t) { t.query("SELECT 1"); });
      return true;
    } catch (const sql::Error& error) {
      if (error.code != sql::Errc::kUnreachable) throw;
      if (options.max_retries && tried++ == *options.max_retries) throw;
      if (env.now() >= next_line) {
        base::log_warning(kComponent,
                          "Waiting for the database " + database.safe_url() + ": " + error.what());
        next_line = env.now() + kLogEvery;
      }
    }
    env.sleep_for(options.retry_interval, stop);
  }
  return false;
}

}  // namespace inspector
