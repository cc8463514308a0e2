#pragma once
#include "inspector/api/api.h"
#include "inspector/conductor/directory.h"
#include "inspector/conductor/remote.h"
#include "inspector/keystone/signed_sender.h"
#include "inspector/service/stores.h"
#include "tooz/coordinator.h"

namespace inspector {

/// What an API in front of conductors stands on, whatever brings it the requests: the database,
/// and the conductors, for which it begins to look at once. Thread-safe.
class ApiUnit {
 public:
  /// `config` outlives it. Throws what keeps the API from starting: as Stores does, and
  /// base::ConfigError.
  ApiUnit(base::Env& env, const Config& config);

  Api::Parts parts() noexcept {
    return {env_, stores_.nodes, *stores_.data, stores_.rules, *stores_.ironic, conductor_};
  }

  /// False: they were not found by `deadline`; the search goes on. For one caller.
  bool wait_for_conductors(base::Env::TimePoint deadline) {
    return searched_->wait_until(deadline, {});
  }

 private:
  void search(const std::stop_token& stop);

  base::Env& env_;
  const Config& config_;
  const std::unique_ptr<tooz::Coordinator> coordinator_;
  Stores stores_;
  GroupDirectory directory_;
  keystone::SignedSender sender_;
  const std::unique_ptr<rpc::Transport> transport_;
  RemoteConductor conductor_;
  const std::unique_ptr<base::Env::Event> searched_;
  const std::unique_ptr<base::Env::Thread> search_;
};

}  // namespace inspector
