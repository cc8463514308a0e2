#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tooz::zookeeper {

/// What was seen last of each of some names, with which a transaction can be tried without looking
/// before it: one that fails says that it was out of date. Bounded: with too many it begins anew.
/// Thread-safe.
template <class Seen>
class Recent {
 public:
  void keep(std::string_view name, Seen seen) {
    constexpr std::size_t kMost = 4096;
    const std::lock_guard lock(mutex_);
    if (seen_.size() >= kMost) seen_.clear();
    seen_.insert_or_assign(std::string(name), std::move(seen));
  }
  /// Nullopt: nothing; what there is is taken out.
  std::optional<Seen> take(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto found = seen_.find(name);
    if (found == seen_.end()) return std::nullopt;
    std::optional<Seen> seen(std::move(found->second));
    seen_.erase(found);
    return seen;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    seen_.clear();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Seen, std::less<>> seen_;
};

}  // namespace tooz::zookeeper
