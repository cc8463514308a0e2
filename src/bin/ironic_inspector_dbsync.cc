// Brings the inspector's database to the schema that the programs need.
#include "inspector/dbsync/dbsync.h"

#include "base/ini.h"
#include "base/log_options.h"
#include "inspector/config/command_line.h"
#include "inspector/config/database.h"
#include "inspector/config/files.h"
#include "inspector/config/log.h"

#include <iostream>

namespace {

using namespace inspector;

constexpr std::string_view kName = "ironic-inspector-dbsync";

int run(const CommandLine& line) {
  if (line.command.empty()) {
    std::cerr << "usage: " << kName << " [OPTION...] " << dbsync_usage() << "\n";
    return 2;
  }
  const DbsyncCommand command = parse_dbsync(line.command);
  const base::Ini ini = read_config(line, kName, default_search_paths());
  begin_log(read_log(ini, line, kName));
  DatabaseOptions options = read_database(ini);
  // Tables of any size may have to be rewritten.
  options.limits.timeout = options.limits.transaction = std::chrono::hours(24);
  try {
    sql::Database database(base::system_env(), options.connection, options.limits);
    return run_dbsync(command, database, std::cout, std::cerr);
  } catch (const sql::Error& e) {
    std::cout << "FAILED: " << e.what() << "\n";
    return 255;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run_program({.name = kName,
                      .summary = "Makes and upgrades the tables of the inspector's database.",
                      .commands = dbsync_usage()},
                     argc, argv, run);
}
