#pragma once
#include "tooz/drivers/etcd/client.h"

namespace tooz::etcd {

/// The text that tells this data from any other: made once under `tooz-cc/origin` and read again
/// with every new session, after every reconnect and after a refusal. Thread-safe.
class Origin {
 public:
  explicit Origin(Client& client) : client_(client) {}

  std::string get();
  /// The next get() asks the server.
  void forget();

 private:
  Client& client_;
  std::mutex mutex_;
  std::string text_;  // empty: not known
  std::uint64_t generation_ = 0;
  std::uint64_t refusals_ = 0;
};

}  // namespace tooz::etcd
