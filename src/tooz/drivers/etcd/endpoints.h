#pragma once
#include "base/retry.h"
#include "tooz/drivers/etcd/connection.h"
#include "tooz/url.h"

namespace tooz::etcd {

/// Which address comes next: all of one host, then the next host, in a circle; a pause after each
/// round in which none answered. For the I/O thread.
class Endpoints {
 public:
  Endpoints(Env& env, std::vector<Url::Host> hosts);

  Env::TimePoint ready_at() const noexcept { return ready_at_; }
  std::size_t hosts() const noexcept { return hosts_.size(); }

  /// The address to try now, or, for a name that cannot be resolved, the reason. May block as
  /// resolve() does.
  struct Choice {
    std::optional<Peer> peer;
    std::string error;
  };
  Choice choose();

  /// What became of the choice. failed() is true when the whole round failed.
  bool failed();
  void succeeded();
  /// A connection that had succeeded was lost: another host comes first.
  void lost();

 private:
  void next_host() noexcept;

  Env& env_;
  const std::vector<Url::Host> hosts_;
  std::size_t host_ = 0;
  std::vector<net::Address>
      addresses_;             // of hosts_[host_] that are still to be tried, the next one last
  std::size_t failures_ = 0;  // hosts of this round
  base::Backoff backoff_;
  Env::TimePoint ready_at_{};
};

}  // namespace tooz::etcd
