#include "inspector/service/rpc_front.h"

#include "base/log.h"
#include "inspector/service/named_server.h"

namespace inspector {

RpcFront::RpcFront(RpcCalls& calls, const RpcOptions& options)
    : calls_(calls),
      server_(named_server(
          {"[json_rpc]host_ip, port", "", "[json_rpc]"}, options.server,
          [&calls](const http::Request& request, const std::stop_token& stop) {
            return calls.answer(request, stop);
          },
          [&calls](const http::Request& head) { return &calls.pool_for(head); })) {
  base::log_info("inspector.service", "JSON-RPC listens on " + options.server.address + " port " +
                                          std::to_string(server_.port()));
}

bool RpcFront::stop(base::Env::TimePoint deadline) {
  const bool all = server_.stop(deadline);
  return calls_.drain(deadline) && all;
}

}  // namespace inspector
