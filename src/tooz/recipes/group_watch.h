#pragma once
#include "tooz/recipes/core.h"
#include "tooz/recipes/group_state.h"

#include <deque>

namespace tooz {

/// The view of one group, kept true by a thread that waits for changes. Where the driver tells what
/// has changed, that is all it asks for; else it lists the group again after each change.
/// Thread-safe.
class GroupWatch {
 public:
  GroupWatch(std::shared_ptr<Core> core, std::string group);

  View view();  ///< as Coordinator::view()
  /// As Coordinator::next_change(), for `reader`, which stands in front of no other watch.
  GroupChange next(Follower& reader, std::stop_token stop);
  /// The same for all who are content to share one reader.
  GroupChange next_change(std::stop_token stop);
  /// We have changed the group ourselves: the next view() is one from after this call.
  void refresh();
  const std::string& group() const noexcept { return group_; }

 private:
  void run(const std::stop_token& stop);
  void round(const std::stop_token& end);
  void look(const std::stop_token& end);
  void follow(const std::stop_token& until);
  void catch_up(const Snapshot& seen, Env::TimePoint as_of, const std::stop_token& end);
  void take_over(const Snapshot& seen, Env::TimePoint as_of);
  void publish(GroupState::Events events, Env::TimePoint as_of);
  void note_failure(const Error& error);
  std::optional<GroupChange> take_change(Follower& reader);

  const std::shared_ptr<Core> core_;
  const std::string group_;
  const std::string prefix_;
  Broadcast changed_;

  // Of our thread.
  GroupState state_;
  Revision at_ = 0;
  bool in_doubt_ = true;  ///< a look is needed, though nothing tells of a change
  bool gap_ = false;      ///< not reported yet

  std::mutex mutex_;
  bool listed_ = false;
  bool exists_ = false;
  Members members_;
  Env::TimePoint as_of_;
  Env::TimePoint waiting_since_;  ///< max: nobody would tell us of a change
  std::uint64_t begun_ = 0;       ///< looks
  std::uint64_t wanted_ = 0;      ///< view() waits for the look of this number
  std::uint64_t shown_ = 0;       ///< members_ are of the look of this number, or later
  std::stop_source wait_;         ///< ends the wait of our thread
  std::optional<Error> failure_;  ///< of the last attempt
  std::deque<GroupEvent> events_;
  std::uint64_t dropped_ = 0;  ///< events before the first of events_
  Follower shared_reader_{nullptr};

  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz
