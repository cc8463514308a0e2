#pragma once
#include "tooz/drivers/zookeeper/handle.h"

#include <deque>

namespace tooz::zookeeper {

/// What the driver looks at in a node's record.
struct NodeStat {
  std::int64_t created = 0;   ///< czxid
  std::int64_t modified = 0;  ///< mzxid
  std::int64_t children = 0;  ///< pzxid: a child came or went
  std::int32_t version = 0;
  std::int64_t owner = 0;               ///< session of an ephemeral node
  std::int32_t comings_and_goings = 0;  ///< of children, so far (cversion)

  /// The last change of the node or among its children.
  std::int64_t latest() const noexcept { return modified > children ? modified : children; }
};

struct Reply {
  int rc;  ///< of the library: ZOK, ZNONODE, …
  NodeStat stat;
  std::string data;
  std::vector<std::string> children;
  // Of a transaction: which of its steps failed, and its number among all the ensemble's
  // transactions if one of its steps was set().
  std::size_t failed_step = 0;
  std::int64_t zxid = 0;
};

/// Steps that are done together or not at all.
class Transaction {
 public:
  enum class Kind { kCheck, kSet, kCreate, kRemove };
  struct Step {
    Kind kind;
    std::string path;
    std::string data;
    int version;  ///< -1: any
    bool ephemeral;
  };
  static constexpr int kAny = -1;

  void check(std::string path, int version = kAny) {
    steps_.push_back({Kind::kCheck, std::move(path), {}, version, false});
  }
  void set(std::string path, std::string data = {}, int version = kAny) {
    steps_.push_back({Kind::kSet, std::move(path), std::move(data), version, false});
  }
  void create(std::string path, std::string data, bool ephemeral) {
    steps_.push_back({Kind::kCreate, std::move(path), std::move(data), kAny, ephemeral});
  }
  void remove(std::string path, int version = kAny) {
    steps_.push_back({Kind::kRemove, std::move(path), {}, version, false});
  }
  const std::deque<Step>& steps() const noexcept { return steps_; }

 private:
  std::deque<Step> steps_;
};

/// Requests that are sent at once and answered in their order. A watch that is asked for tells the
/// handle's News. For one thread.
class Batch {
 public:
  Batch(Env& env, const Options& options, Handle& handle);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  enum class Watch { kNo, kYes };
  enum class Kind { kPersistent, kContainer, kEphemeral };
  void sync(const std::string& path);
  void exists(const std::string& path, Watch watch = Watch::kNo);
  void get(const std::string& path);
  void children(const std::string& path, Watch watch = Watch::kNo);
  void create(const std::string& path, const std::string& data, Kind kind);
  void run(const Transaction& transaction);

  /// One for each request, in order; ZOPERATIONTIMEOUT for those without an answer by then.
  std::vector<Reply> wait(Env::TimePoint deadline);

 private:
  struct Shared;
  struct Slot;

  Slot* add();
  void sent(int rc, Slot* slot);

  const bool open_to_all_;
  Handle& handle_;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace tooz::zookeeper
