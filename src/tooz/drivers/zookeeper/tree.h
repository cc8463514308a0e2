#pragma once
#include "tooz/drivers/zookeeper/client.h"
#include "tooz/drivers/zookeeper/sights.h"

namespace tooz::zookeeper {

/// Reads the folders that keys stand in. Thread-safe.
class Tree {
 public:
  explicit Tree(Client& client) : client_(client) {}

  using What = Client::What;

  std::optional<Entry> get(const What& what, std::string_view key);

  /// A key as it stands, with what it takes to change it.
  struct Found {
    Entry entry;
    std::string identity;
    int version = 0;
  };
  std::optional<Found> find(const What& what, std::string_view key);

  /// What it has seen is kept for told().
  Snapshot list(const What& what, std::string_view prefix);

  /// What has happened under `prefix` after `at`; nothing: nothing, and `ticket` gets news of it.
  /// nullopt: it cannot be told, for one of these: `at` is of no list() that is still kept; the
  /// keys stand in several folders, or none; somebody came and went in between.
  std::optional<Changes> told(const What& what, std::string_view prefix, Revision at,
                              News::Ticket& ticket);

  /// The version that its counter has if nothing stands under `prefix` and is longer; nullopt:
  /// something does.
  std::optional<int> version_if_empty(const What& what, std::string_view prefix);

  /// Asks for news of what is under `prefix`; true: it has changed after `at` already, or may have.
  bool watch(const What& what, std::string_view prefix, Revision at, News::Ticket& ticket);

 private:
  struct Folder {
    std::string path;
    std::string prefix;  ///< of its keys
    NodeStat stat;
    std::vector<std::string> leaves;  ///< keys in it
  };
  using Folders = std::vector<Folder>;

  /// Null: they are several, or none.
  static std::shared_ptr<const Sight> sight_of(const Folders& folders);
  /// The folders that hold keys under `prefix`, from outside to inside; empty: there is none.
  Folders walk(const What& what, std::string_view prefix, News::Ticket* ticket);
  std::vector<Folder> read_level(const What& what, Folders level, std::string_view prefix,
                                 Folders& next, News::Ticket* ticket);
  std::optional<std::vector<Entry>> read_leaves(const What& what, const Folders& folders);
  bool unchanged(const What& what, const Folders& folders);
  bool alone(const What& what, std::string_view key);
  Revision latest_above(const What& what, std::string_view prefix);

  Client& client_;
  Sights sights_;
};

}  // namespace tooz::zookeeper
