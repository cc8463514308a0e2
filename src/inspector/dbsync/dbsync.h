#pragma once
#include "sql/database.h"

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// A command of ironic-inspector-dbsync: what stands behind the common options.
struct DbsyncCommand {
  enum class Verb {
    kUpgrade,
    kStamp,
    kShow,
    kCurrent,
    kHistory,
    kBranches,
    kHeads,
    kEdit,
    kRevision
  };
  Verb verb = Verb::kCurrent;
  std::string revision = "head";  ///< of upgrade, stamp and show
};

/// How the commands are written, one line.
std::string_view dbsync_usage() noexcept;

/// Throws UsageError.
DbsyncCommand parse_dbsync(const std::vector<std::string>& arguments);

/// Prints as alembic does: answers on `out`, progress on `err`. Returns the exit code: 0, or 255
/// after `FAILED: …` on `out`.
int run_dbsync(const DbsyncCommand& command, sql::Database& database, std::ostream& out,
               std::ostream& err);

}  // namespace inspector
