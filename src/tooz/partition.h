#pragma once
#include "tooz/group.h"
#include "tooz/hash_ring.h"

#include <mutex>

namespace tooz {

/// Which members of a group are responsible for which keys: a hash ring over the group's view,
/// equal to that of Python's partitioned groups. A member whose capabilities are a map with a
/// `weight` (0 to 1000, 1 if there is none) has so many shares. Asking costs no round trip; who
/// must not do a thing twice takes a lock as well, for a while after a change views differ.
/// Thread-safe.
class Partition {
 public:
  /// What part of all keys a member is responsible for.
  struct Share {
    HashRing::Arcs arcs;  ///< of the circle of all digests
    double fraction = 0;  ///< from 0 to 1
    bool operator==(const Share& other) const { return arcs == other.arcs; }
  };

  /// `partitions`: points on the ring of a member of weight 1; the same for all who ask.
  Partition(std::shared_ptr<GroupWatch> watch, std::string member, unsigned partitions);

  // These throw as Coordinator::view() does; Error{kBadWeight}: a member's weight cannot be used,
  // and whatever we took it for, others might not.

  std::optional<std::string> owner(std::string_view key);  ///< nullopt: nobody is in the group
  /// The owner first, then who would follow; fewer than `replicas` when there are not so many.
  std::vector<std::string> owners(std::string_view key, std::size_t replicas);
  bool is_mine(std::string_view key);  ///< of the coordinator's own member id
  Share share();                       ///< likewise

  /// Blocks until our share is another than `seen`; `seen` when `stop` is requested. A member whose
  /// weight cannot be used is waited out.
  Share next_share(const Share& seen, std::stop_token stop);

 private:
  std::shared_ptr<const HashRing> ring();
  std::shared_ptr<const HashRing> ring_of(const Members& members);
  Members members_now();
  Share share_in(const HashRing& ring) const;

  const std::shared_ptr<GroupWatch> watch_;
  const std::string member_;
  const unsigned partitions_;
  std::mutex mutex_;
  Members members_;  ///< of which ring_ was made
  std::shared_ptr<const HashRing> ring_;
};

}  // namespace tooz
