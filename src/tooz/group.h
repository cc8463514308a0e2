#pragma once
#include "tooz/backend.h"

namespace tooz {

class Value;       // value.h: null, bool, integer, real, text, bytes, list, map; stored as msgpack
class GroupWatch;  // recipes/

struct Member {
  std::string id;
  std::shared_ptr<const Value> capabilities;
  Revision incarnation = 0;  ///< another one when the member left and came back
};

/// The members of a group at one moment, by id. A copy shares them and costs next to nothing.
class Members {
 public:
  using List = std::vector<Member>;

  Members() : list_(std::make_shared<const List>()) {}
  explicit Members(List list) : list_(std::make_shared<const List>(std::move(list))) {}

  operator const List&() const noexcept { return *list_; }
  List::const_iterator begin() const noexcept { return list_->begin(); }
  List::const_iterator end() const noexcept { return list_->end(); }
  std::size_t size() const noexcept { return list_->size(); }
  bool empty() const noexcept { return list_->empty(); }
  const Member& operator[](std::size_t i) const noexcept { return (*list_)[i]; }
  const Member& at(std::size_t i) const { return list_->at(i); }
  const Member* find(std::string_view id) const noexcept;  ///< null: not among them
  /// Whether both are the same members, with a look at nothing but where they stand.
  bool same_as(const Members& other) const noexcept { return list_ == other.list_; }

 private:
  std::shared_ptr<const List> list_;
};

struct View {
  Members members;
  /// The last moment at which it is known to have been true, but for what was on its way to us then
  /// (milliseconds where the backend notifies, else what the driver says that it polls by).
  Env::TimePoint as_of;
};

struct GroupEvent {
  enum class Kind { kJoined, kLeft, kChanged };  ///< kChanged: other capabilities
  Kind kind = Kind::kJoined;
  Member member;     ///< as it is now; of who left: as it was. Capabilities may be null of one that
                     ///< has left again before they were read
  bool gap = false;  ///< since the event before, somebody may have come and gone unseen
};

/// What leads from the view a caller had to the view he has now.
struct GroupChange {
  std::vector<GroupEvent> events;  ///< all that happened, in order
  // What it comes to: first take out who left, then add who joined. Who left and came back is in
  // both; who came and left again in none.
  std::vector<Member> left;
  std::vector<Member> joined;
  std::vector<Member> changed;
  bool gap = false;  ///< of some event. Only where the driver cannot tell what has happened since
                     ///< the last look, or not any more after an outage
  Members members;   ///< the view to which it leads
};

/// What one reader has been told of a group. Does not move; for one thread.
class Follower {
 public:
  explicit Follower(std::shared_ptr<GroupWatch> watch) : watch_(std::move(watch)) {}

  /// As Coordinator::next_change(), for this reader.
  GroupChange next(std::stop_token stop);
  /// What the changes that were told add up to.
  const Members& members() const noexcept { return members_; }

 private:
  friend class GroupWatch;
  std::shared_ptr<GroupWatch> watch_;
  Members members_;
  std::uint64_t seen_ = 0;  ///< events
  bool fresh_ = true;       ///< nothing was told yet
};

}  // namespace tooz
