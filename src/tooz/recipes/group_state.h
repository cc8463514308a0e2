#pragma once
#include "tooz/group.h"
#include "tooz/recipes/meter.h"

#include <map>

namespace tooz {

/// Who is in a group, as the keys and the changes of keys below its own tell. For one thread.
class GroupState {
 public:
  GroupState(std::string prefix, const Meter& meter) : prefix_(std::move(prefix)), meter_(meter) {}

  using Events = std::vector<GroupEvent>;
  /// Each returns what happened to the members, in order.
  Events replace(const Snapshot& snapshot);
  Events apply(const Changes& changes);

  /// Whether `snapshot` shows just what we know.
  bool equals(const Snapshot& snapshot) const;
  bool exists() const noexcept { return exists_; }
  Members members() const;

 private:
  struct Known {
    Revision revision = 0;
    std::optional<Member> member;  ///< none: its value cannot be read
  };
  using Keys = std::map<std::string, Known>;

  std::optional<std::string> id_of(const std::string& key) const;
  Known read(const std::string& id, const Change& change) const;
  static void compare(const Known* old, const Known* now, Events& events);

  const std::string prefix_;
  const Meter meter_;
  bool exists_ = false;
  Keys keys_;  ///< by member id
};

}  // namespace tooz
