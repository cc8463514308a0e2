#pragma once
#include "tooz/backend.h"
#include "tooz/drivers/etcd/client.h"

namespace tooz::etcd {

/// Backend::wait_change() by etcd's watches, a stream each. Thread-safe. Past kMaxStreams at once
/// (a server takes no more than 250 streams over TLS) the wait is a pause of a second, after which
/// the caller looks for himself.
class Watches {
 public:
  explicit Watches(Client& client) : client_(client) {}

  struct Wait {
    std::string_view prefix;
    Revision at;
    Env::TimePoint deadline;
    std::stop_token stop;
  };
  /// Returns early when the server goes away, has fewer revisions than `at` (it lost data) or has
  /// compacted them. Throws Error{kUnreachable} when no watch could be set within the timeout of a
  /// call, and Error{kDenied}.
  /// What came, as Backend::next_changes() tells it.
  std::optional<Changes> wait(const Wait& wait);

 private:
  static constexpr int kMaxStreams = 200;

  std::optional<Changes> wait_on_stream(const Wait& wait);
  struct Answer {
    bool enough = false;  ///< the wait is over
    std::optional<Changes> changes;
  };
  Answer answered(const Wait& wait, const std::string& message);

  Client& client_;
  std::atomic<int> streams_ = 0;
};

}  // namespace tooz::etcd
