#pragma once
#include "tooz/backend.h"
#include "tooz/drivers/zookeeper/batch.h"

#include <list>
#include <memory>
#include <mutex>

namespace tooz::zookeeper {

/// What stood in a folder at one moment: enough to tell later what has happened since.
struct Sight {
  NodeStat folder;
  std::vector<std::string> keys;  ///< in it, in order

  Revision at() const noexcept { return folder.latest(); }
};

/// What lies between two sights of one folder.
class Difference {
 public:
  Difference(const Sight& before, const Sight& now);

  /// Keys whose entries told() needs. All, when one may have been written or made again.
  const std::vector<std::string>& to_read() const noexcept { return to_read_; }
  /// `entries`, in order, are those of to_read() that can be read. nullopt: somebody was there in
  /// between of whom nothing is left. The folder counts comings and goings, so that is known.
  std::optional<Changes> told(std::vector<Entry> entries) const;

 private:
  const Sight& before_;
  const Sight& now_;
  std::vector<std::string> gone_;
  std::uint32_t unseen_;  ///< comings and goings that the names do not show
  std::vector<std::string> to_read_;
};

/// The last sights of prefixes; the one that was asked for longest ago goes. Thread-safe.
class Sights {
 public:
  static constexpr std::size_t kKept = 32;

  void keep(std::string_view prefix, std::shared_ptr<const Sight> sight);
  std::shared_ptr<const Sight> find(std::string_view prefix, Revision at);  ///< null: not kept

 private:
  struct Kept {
    std::string prefix;
    std::shared_ptr<const Sight> sight;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the last one used first
};

}  // namespace tooz::zookeeper
