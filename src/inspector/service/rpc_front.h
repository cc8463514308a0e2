#pragma once
#include "base/pool.h"
#include "http/server.h"
#include "inspector/conductor/conductor.h"
#include "inspector/config/rpc.h"
#include "rpc/rpc.h"

#include <memory>

namespace inspector {

class HttpBasic;

/// A conductor's JSON-RPC on its port, with a pool for reports and one for all other calls.
class RpcFront {
 public:
  /// Listens; throws std::runtime_error naming the address. `conductor` outlives it.
  RpcFront(base::Env& env, Conductor& conductor, const RpcOptions& options);
  ~RpcFront();

  void start() { server_.start(); }
  std::uint16_t port() const noexcept { return server_.port(); }

  /// False: `deadline` came before all calls were answered.
  bool stop(base::Env::TimePoint deadline);

 private:
  http::Response answer(const http::Request& request, const std::stop_token& stop);

  rpc::Methods methods_;
  std::unique_ptr<HttpBasic> users_;  ///< none: everybody may call
  base::Pool calls_;
  base::Pool reports_;
  http::Server server_;
};

}  // namespace inspector
