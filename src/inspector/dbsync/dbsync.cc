#include "inspector/dbsync/dbsync.h"

#include "inspector/config/command_line.h"
#include "inspector/node/schema.h"

#include <array>
#include <ostream>

namespace inspector {
namespace {

using Verb = DbsyncCommand::Verb;

constexpr std::string_view kProgress = "INFO  [alembic.runtime.migration] ";

struct Spelling {
  std::string_view name;
  Verb verb;
  bool takes_revision = false;
  bool needs_revision = false;
};

constexpr std::array kSpellings = {
    Spelling{"upgrade", Verb::kUpgrade, true}, Spelling{"stamp", Verb::kStamp, true, true},
    Spelling{"show", Verb::kShow, true, true}, Spelling{"edit", Verb::kEdit, true, true},
    Spelling{"current", Verb::kCurrent},       Spelling{"history", Verb::kHistory},
    Spelling{"branches", Verb::kBranches},     Spelling{"heads", Verb::kHeads},
    Spelling{"revision", Verb::kRevision},
};

const Spelling& spelling_of(const std::string& name) {
  for (const Spelling& spelling : kSpellings)
    if (spelling.name == name) return spelling;
  throw UsageError("unknown command '" + name + "'; " + std::string(dbsync_usage()));
}

bool is_newest(const Migration& step) { return step.revision == schema_history().back().revision; }

std::string head_mark(const Migration& step) { return is_newest(step) ? " (head)" : ""; }

std::string parent_of(const Migration& step) {
  return step.previous.empty() ? "<base>" : step.previous;
}

void upgrade_to(const std::string& revision, sql::Database& database, std::ostream& err) {
  for (const Migration& step : upgrade(database, revision))
    err << kProgress << "Running upgrade " << step.previous << " -> " << step.revision << ", "
        << step.title << "\n";
}

void stamp(const std::string& revision, sql::Database& database, std::ostream& err) {
  const std::string before = schema_revision(database);
  stamp_schema(database, revision);
  err << kProgress << "Running stamp_revision " << before << " -> "
      << find_migration(revision).revision << "\n";
}

void show(const Migration& step, std::ostream& out) {
  out << "Rev: " << step.revision << head_mark(step) << "\nParent: " << parent_of(step)
      << "\n\n    " << step.title << "\n\n";
}

void show_current(sql::Database& database, std::ostream& out) {
  const std::string revision = schema_revision(database);
  if (!revision.empty()) out << revision << head_mark(find_migration(revision)) << "\n";
}

void show_history(std::ostream& out) {
  const auto history = schema_history();
  for (auto step = history.rbegin(); step != history.rend(); ++step)
    out << parent_of(*step) << " -> " << step->revision << head_mark(*step) << ", " << step->title
        << "\n";
}

void run(const DbsyncCommand& command, sql::Database& database, std::ostream& out,
         std::ostream& err) {
  switch (command.verb) {
    case Verb::kUpgrade:
      return upgrade_to(command.revision, database, err);
    case Verb::kStamp:
      return stamp(command.revision, database, err);
    case Verb::kShow:
      return show(find_migration(command.revision), out);
    case Verb::kCurrent:
      return show_current(database, out);
    case Verb::kHistory:
      return show_history(out);
    case Verb::kBranches:
      return;  // the history has none
    case Verb::kHeads:
      out << schema_history().back().revision << " (head)\n";
      return;
    case Verb::kEdit:
    case Verb::kRevision:
      throw std::invalid_argument(
          "migrations are part of this program: there are no files to make or edit");
  }
}

}  // namespace

std::string_view dbsync_usage() noexcept {
  return "{upgrade [--revision R] | stamp --revision R | show --revision R | current | history | "
         "branches | heads}";
}

DbsyncCommand parse_dbsync(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw UsageError("a command is needed; " + std::string(dbsync_usage()));
  const Spelling& spelling = spelling_of(arguments[0]);
  DbsyncCommand command{.verb = spelling.verb};
  if (spelling.verb == Verb::kRevision) return command;  // refused whatever follows
  bool revision_given = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool attached = argument.starts_with("--revision=");
    if (!spelling.takes_revision || (!attached && argument != "--revision"))
      throw UsageError("unrecognized argument: " + argument);
    revision_given = true;
    if (attached)
      command.revision = argument.substr(argument.find('=') + 1);
    else if (i + 1 < arguments.size())  // a bare --revision means the head
      command.revision = arguments[++i];
  }
  if (spelling.needs_revision && !revision_given)
    throw UsageError("the following argument is required: --revision");
  return command;
}

int run_dbsync(const DbsyncCommand& command, sql::Database& database, std::ostream& out,
               std::ostream& err) {
  try {
    run(command, database, out, err);
    return 0;
  } catch (const std::exception& e) {
    out << "FAILED: " << e.what() << "\n";
    return 255;
  }
}

}  // namespace inspector
