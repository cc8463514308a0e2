#include "inspector/service/stores.h"

#include "base/log.h"
#include "inspector/ironic/http_client.h"
#include "inspector/node/schema.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.service";

std::unique_ptr<DataStore> data_store(const std::string& kind, sql::Database& database,
                                      NodeStore& nodes) {
  if (kind == "database") return database_data_store(database, nodes);
  base::log_warning(kComponent,
                    "Introspection data will not be stored. Change \"[processing]store_data\" "
                    "option if this is not the desired behavior");
  return no_data_store();
}

}  // namespace

Stores::Stores(base::Env& env, const Config& config)
    : Stores(
          env, config,
          std::make_unique<sql::Database>(env, config.database.connection, config.database.limits),
          ironic::http_client(env, config.ironic)) {}

Stores::Stores(base::Env& env, const Config& config, std::unique_ptr<sql::Database> database_,
               std::unique_ptr<ironic::Client> ironic_)
    : database(std::move(database_)),
      nodes(env, *database),
      rules(env, *database),
      data(data_store(config.processing.store_data, *database, nodes)),
      ironic(std::move(ironic_)) {
  check_schema(*database);
  base::log_info(kComponent, "The database is " + database->safe_url());
}

}  // namespace inspector
