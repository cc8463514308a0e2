#pragma once
#include "inspector/config/load.h"
#include "inspector/data_store/data_store.h"
#include "inspector/ironic/client.h"
#include "inspector/node/store.h"
#include "inspector/rules/rule_store.h"
#include "sql/database.h"

#include <memory>
#include <stop_token>

namespace inspector {

/// What every process of the inspector reaches itself: the database, what is stored in it, Ironic.
struct Stores {
  /// Throws std::runtime_error when the database cannot be used as it is; what() says what to do.
  Stores(base::Env& env, const Config& config);

  /// The same over a database and an Ironic that are there already.
  Stores(base::Env& env, const Config& config, std::unique_ptr<sql::Database> database_,
         std::unique_ptr<ironic::Client> ironic_);

  const std::unique_ptr<sql::Database> database;
  NodeStore nodes;
  RuleStore rules;
  std::unique_ptr<DataStore> data;
  std::unique_ptr<ironic::Client> ironic;
};

/// Returns when the database server answers, or is none (SQLite); a line in the log now and then
/// tells that it is waited for. False: `stop` was requested first.
bool await_database(base::Env& env, const DatabaseOptions& options, const std::stop_token& stop);

}  // namespace inspector
