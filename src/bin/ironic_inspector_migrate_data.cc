// Takes stored introspection data from one store to another.
#include "inspector/migrate_data/migrate_data.h"

#include "base/ini.h"
#include "base/log_options.h"
#include "inspector/config/command_line.h"
#include "inspector/config/database.h"
#include "inspector/config/files.h"
#include "inspector/config/log.h"
#include "inspector/config/swift.h"
#include "inspector/node/schema.h"
#include "inspector/service/signals.h"

#include <iostream>

namespace {

using namespace inspector;

constexpr std::string_view kName = "ironic-inspector-migrate-data";

int run(const CommandLine& line) {
  const DataMove move = data_move_of(line);
  base::Env& env = base::system_env();
  const base::Ini ini = read_config(line, kName, default_search_paths());
  begin_log(read_log(ini, line, kName));
  const DatabaseOptions options = read_database(ini);
  const SwiftOptions swift_options = read_swift(ini);
  const Signals signals(env);
  const auto opened = open_database(env, options);
  sql::Database& database = *opened;
  check_schema(database);
  NodeStore nodes(env, database);
  const auto in_database = database_data_store(database, nodes);
  const auto in_swift = swift_data_store(env, swift_options);
  const bool to_swift = move.to == "swift";
  return migrate_data({.database = database,
                       .nodes = nodes,
                       .source = to_swift ? *in_database : *in_swift,
                       .target = to_swift ? *in_swift : *in_database},
                      std::cout, std::cerr, signals.stop());
}

}  // namespace

int main(int argc, char** argv) {
  return run_program({.name = kName,
                      .summary = "Takes stored introspection data from one store to another.",
                      .moves_data = true},
                     argc, argv, run);
}
