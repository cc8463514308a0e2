#pragma once
#include "base/pool.h"
#include "http/message.h"
#include "inspector/conductor/conductor.h"
#include "inspector/config/rpc.h"
#include "inspector/pxe_filter/filter.h"
#include "rpc/rpc.h"

#include <memory>

namespace inspector {

class RpcGuard;

/// A conductor's JSON-RPC, whatever brings it the requests: a pool for reports and one for all
/// other calls, so that neither can keep the other waiting. Thread-safe.
class RpcCalls {
 public:
  /// Who does what is asked; outlive it.
  struct Parts {
    base::Env& env;
    Conductor& conductor;
    PxeFilter& filter;
  };
  RpcCalls(const Parts& parts, const RpcOptions& options);
  ~RpcCalls();

  /// Blocks for as long as the call may; never throws what a caller caused.
  http::Response answer(const http::Request& request, const std::stop_token& stop);

  /// Where a request is to be answered; looks at its head only.
  base::Pool& pool_for(const http::Request& head);

  /// False: `deadline` came before all calls were answered.
  bool drain(base::Env::TimePoint deadline);

 private:
  rpc::Methods methods_;
  const std::unique_ptr<RpcGuard> guard_;
  base::Pool calls_;
  base::Pool reports_;
};

}  // namespace inspector
