#pragma once
#include "tooz/coordinator.h"
#include "tooz/recipes/core.h"

#include <map>
#include <utility>

namespace tooz {

/// The view of one group, kept true by a thread that waits for changes and lists the group again
/// after each. Thread-safe.
class GroupWatch {
 public:
  GroupWatch(std::shared_ptr<Core> core, std::string group);

  View view();                                    ///< as Coordinator::view()
  GroupChange next_change(std::stop_token stop);  ///< as Coordinator::next_change()
  /// We have changed the group ourselves: the next view() is one from after this call.
  void refresh();

 private:
  using Members = std::map<std::string, Member>;

  void run(const std::stop_token& stop);
  void publish(const Snapshot& snapshot, Env::TimePoint as_of);
  void note_failure(const Error& error);
  std::optional<Member> read(const Entry& entry, std::map<std::string, Revision>& bad);
  std::optional<GroupChange> take_change();

  const std::shared_ptr<Core> core_;
  const std::string group_;
  const std::string prefix_;
  Broadcast changed_;
  std::map<std::string, Revision> bad_;  ///< of our thread: warned about

  std::mutex mutex_;
  bool listed_ = false;
  bool exists_ = false;
  Members members_;
  Env::TimePoint as_of_;
  std::uint64_t begun_ = 0;       ///< lists asked for
  std::uint64_t wanted_ = 0;      ///< view() waits for the list of this number
  std::uint64_t shown_ = 0;       ///< members_ are of the list of this number
  std::stop_source wait_;         ///< ends the wait of our thread
  std::optional<Error> failure_;  ///< of the last attempt
  bool gap_ = false;              ///< not reported yet
  Members reported_;

  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz
