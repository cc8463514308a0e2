#pragma once
#include "tooz/drivers/file/directory.h"
#include "tooz/drivers/leased_map.h"

#include <type_traits>

namespace tooz::file {

/// The LeasedMap in a directory, for many threads and processes. Sessions end by the clock of
/// `env`, and all of them when the machine was started again. Every call throws Error{kDenied} when
/// the data file is damaged, and what Directory does. Thread-safe.
class FileStore {
 public:
  FileStore(Env& env, Settings settings) : env_(env), settings_(std::move(settings)) {}

  const Settings& settings() const noexcept { return settings_; }

  /// Returns what `action` does, which is alone with the map and learns the time; what it changed
  /// is durable then. Nothing has changed when it throws.
  template <class Action>
  auto change(Action action) const {
    Directory directory(settings_);
    directory.lock(env_);
    std::optional<LeasedMap> stored = load(directory);
    LeasedMap map = stored ? std::move(*stored) : fresh();
    const auto now = env_.now();
    map.expire(now);
    auto result = action(map, now);
    if (!stored || map.modified()) keep(directory, map);
    return result;
  }

  /// Returns what `query` says of the map. Others do not wait for that, and it does not wait for
  /// them, unless there is something to write first: that a session has ended.
  template <class Query>
  auto look(Query query) const -> std::invoke_result_t<Query, const LeasedMap&> {
    if (std::optional<LeasedMap> map = load(Directory(settings_))) {
      map->expire(env_.now());
      if (!map->modified()) return query(*map);
    }
    return change([&](const LeasedMap& map, auto) { return query(map); });
  }

 private:
  std::optional<LeasedMap> load(const Directory& directory) const;  ///< nullopt: there is none yet
  LeasedMap fresh() const;
  void keep(const Directory& directory, const LeasedMap& map) const;

  Env& env_;
  const Settings settings_;
};

}  // namespace tooz::file
