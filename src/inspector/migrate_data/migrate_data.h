#pragma once
#include "inspector/data_store/data_store.h"
#include "inspector/node/store.h"

#include <iosfwd>
#include <stop_token>
#include <string>

namespace inspector {

struct CommandLine;

/// From where to where ironic-inspector-migrate-data takes the stored data of nodes.
struct DataMove {
  std::string from, to;  ///< database, swift
};

/// Of `--from` and `--to`. Throws UsageError for what is missing or no such store, and
/// std::invalid_argument with upstream's text when both are the same.
DataMove data_move_of(const CommandLine& line);

struct DataMoveParts {
  sql::Database& database;
  NodeStore& nodes;
  DataStore& source;
  DataStore& target;
};

/// Copies what the source has of every node, processed and as posted, to the target, with the
/// services stopped. One document is held at a time, whatever the number of nodes. What the target
/// has already in the same words is left alone, so one that was interrupted is run again. What
/// could not be copied counts as migrated when the target has something of it, as upstream's does.
///
/// Prints upstream's summary on `out`, and why something failed on `err`. Returns the exit code: 0,
/// also when the source had nothing of some nodes, which are listed as not migrated; 1 when
/// something that is there could not be copied; 130 after `stop`.
int migrate_data(const DataMoveParts& parts, std::ostream& out, std::ostream& err,
                 const std::stop_token& stop);

}  // namespace inspector
