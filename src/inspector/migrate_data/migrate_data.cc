#include "inspector/migrate_data/migrate_data.h"

#include "inspector/config/command_line.h"

#include <ostream>
#include <stdexcept>
#include <vector>

namespace inspector {
namespace {

constexpr std::size_t kPage = 500;
constexpr int kInterrupted = 130;

std::string store_name(const char* option, const std::optional<std::string>& value) {
  const std::string name = std::string("argument ") + option + ": ";
  if (!value) throw UsageError(name + "is required: database or swift");
  if (*value != "database" && *value != "swift")
    throw UsageError(name + "'" + *value + "' is no store; accepted: database, swift");
  return *value;
}

class Copier {
 public:
  Copier(const DataMoveParts& parts, std::ostream& err) : parts_(parts), err_(err) {}

  void copy(const std::string& uuid, bool processed) {
    ++total_;
    bool there = true;
    try {
      const std::optional<std::string> document = parts_.source.find(uuid, processed);
      there = document.has_value();
      if (document) {
        if (parts_.target.find(uuid, processed) != document) save(uuid, processed, *document);
        return;
      }
    } catch (const std::exception& error) {
      err_ << uuid << ": " << error.what() << "\n";
    }
    if (on_target(uuid, processed)) return;
    trouble_ = trouble_ || there;
    failed_ += "\n" + uuid + "(processed=" + (processed ? "True" : "False") + ")";
  }

  int report(std::ostream& out) const {
    out << "Finished introspection data migration, total records: " << total_ << ". "
        << (failed_.empty() ? "all records are migrated successfully."
                            : "Failed to migrate:" + failed_)
        << "\n";
    return trouble_ ? 1 : 0;
  }

 private:
  bool on_target(const std::string& uuid, bool processed) {
    try {
      return parts_.target.find(uuid, processed).has_value();
    } catch (const std::exception&) {
      return false;
    }
  }

  /// Beside the fence of the node: nobody else writes, and copying is no reason to keep anybody
  /// from writing afterwards.
  void save(const std::string& uuid, bool processed, const std::string& document) {
    const WriteUnder::Also saving = parts_.target.saving(uuid, processed, std::string(document));
    if (saving)
      parts_.database.run(sql::Access::kWrite, saving);
    else
      parts_.target.save(uuid, processed, document, {});
  }

  const DataMoveParts& parts_;
  std::ostream& err_;
  std::size_t total_ = 0;
  std::string failed_;
  bool trouble_ = false;
};

}  // namespace

DataMove data_move_of(const CommandLine& line) {
  DataMove move{.from = store_name("--from", line.from), .to = store_name("--to", line.to)};
  if (move.from == move.to)
    throw std::invalid_argument("Source and destination can not be the same.");
  return move;
}

int migrate_data(const DataMoveParts& parts, std::ostream& out, std::ostream& err,
                 const std::stop_token& stop) {
  Copier copier(parts, err);
  std::vector<std::string> uuids = parts.nodes.all_uuids("", kPage);
  while (!uuids.empty()) {
    for (const std::string& uuid : uuids)
      for (const bool processed : {true, false}) {
        if (stop.stop_requested()) {
          err << "... terminating migration tool\n";
          return kInterrupted;
        }
        copier.copy(uuid, processed);
      }
    uuids = parts.nodes.all_uuids(uuids.back(), kPage);
  }
  return copier.report(out);
}

}  // namespace inspector
