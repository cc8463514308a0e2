#pragma once
#include "http/server.h"
#include "inspector/service/rpc_calls.h"

namespace inspector {

/// A conductor's JSON-RPC on its port.
class RpcFront {
 public:
  /// Listens; throws std::runtime_error naming the address. `calls` outlive it.
  RpcFront(RpcCalls& calls, const RpcOptions& options);

  void start() { server_.start(); }
  std::uint16_t port() const noexcept { return server_.port(); }

  /// False: `deadline` came before all calls were answered.
  bool stop(base::Env::TimePoint deadline);

 private:
  RpcCalls& calls_;
  http::Server server_;
};

}  // namespace inspector
