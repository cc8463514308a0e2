#pragma once
#include "tooz/recipes/identity_claim.h"
#include "tooz/recipes/turn.h"

#include <map>

namespace tooz {

/// The groups that we are in: joins and leaves them, and joins them again, as a new incarnation,
/// under each new lease and after somebody else removed our key (noticed as KeyWatch notices it).
/// Thread-safe; one change at a time. Throws tooz::Error.
class Membership {
 public:
  /// @param on_rejoined  called by a thread of ours, when all is joined under a lease that follows
  ///                     a lost one; may be empty
  Membership(std::shared_ptr<Core> core, Processes processes,
             std::function<void(const Lost&)> on_rejoined);

  /// False: another live process has our id. Error{kNoSuchGroup}. After Error{kUnreachable} we are
  /// not in it, and what may have been written is removed as soon as the backend answers.
  bool join(const std::string& group, const std::string& capabilities);
  bool leave(const std::string& group);                                    ///< false: was not in it
  bool update(const std::string& group, const std::string& capabilities);  ///< likewise

 private:
  struct Wake {
    Broadcast& thread;
    void operator()() const noexcept { thread.notify(); }
  };
  struct Place {
    std::string capabilities;  ///< as stored
    std::shared_ptr<HeldKey> held;
    bool may_come = false;  ///< a request to create the key went unanswered
    std::shared_ptr<std::stop_callback<Wake>> on_lost = {};

    bool stands_under(const Lease& lease) const {
      return held->lease->id() == lease.id() && held->live();
    }
  };
  using LeasePtr = std::shared_ptr<Lease>;
  /// A group whose member key may stand there, or come, though we are not in it.
  struct Doubt {
    std::shared_ptr<Lease> lease;  ///< when this is over, so is the key
    Env::TimePoint due;
    bool may_come = false;  ///< look once more, one lease later
  };

  bool join_under(const LeasePtr& lease, const std::string& group, const std::string& capabilities);
  std::optional<Place> enter(const LeasePtr& lease, const std::string& group,
                             const std::string& capabilities);
  Place place_in(const LeasePtr& lease, const std::string& group, const Entry& written) const;
  bool overwrite(const Lease& lease, const std::string& key, const std::string& capabilities);
  void remove_key(const Lease& lease, const std::string& group);
  void drop_idle_claim(const Lease& lease) noexcept;
  std::string key_in(const std::string& group) const;

  void keep(const std::string& group, Place place);
  void put(const std::string& group, Place place);
  void put(const std::string& group, Doubt doubt);
  std::optional<Place> take(const std::string& group);
  std::map<std::string, Place> places() const;

  void run();
  bool settled(const Lease& lease) const;
  bool rejoin(const LeasePtr& lease);
  bool rejoin_all(const LeasePtr& lease, std::vector<std::string>& groups);
  std::optional<Place> enter_again(const LeasePtr& lease, const std::string& group,
                                   const std::string& capabilities);
  void resolve_doubts();
  void resolve(const std::string& group);
  Env::TimePoint next_doubt() const;

  const std::shared_ptr<Core> core_;
  const std::function<void(const Lost&)> on_rejoined_;
  Turn turn_;
  IdentityClaim claim_;                   ///< used by who has the turn
  SessionId settled_ = SessionId::kNone;  ///< of our thread: all is joined under this
  mutable std::mutex mutex_;
  std::map<std::string, Place> places_;
  std::map<std::string, Doubt> doubts_;
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz
