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
    : database(env, config.database.connection, config.database.limits),
      nodes(env, database),
      data(data_store(config.processing.store_data, database, nodes)),
      ironic(ironic::http_client(env, config.ironic)) {
  check_schema(database);
  base::log_info(kComponent, "The database is " + database.safe_url());
}

}  // namespace inspector
