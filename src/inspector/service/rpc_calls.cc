#include "inspector/service/rpc_calls.h"

#include "inspector/api/json_response.h"
#include "inspector/conductor/cluster_filter.h"
#include "inspector/conductor/rpc_service.h"
#include "inspector/error.h"
#include "inspector/service/rpc_guard.h"

namespace inspector {
namespace {

constexpr std::size_t kMostReports = 256;  ///< that wait for a thread

/// The transport names the method in the path, so that a call's pool is known from its head.
bool is_report(const http::Request& head) { return head.target.ends_with("/do_continue"); }

}  // namespace

RpcCalls::RpcCalls(const Parts& parts, const RpcOptions& options)
    : guard_(std::make_unique<RpcGuard>(parts.env, options)),
      calls_(parts.env, {.name = "rpc", .max_threads = options.workers}),
      reports_(
          parts.env,
          {.name = "rpc-continue", .max_threads = options.workers, .max_queued = kMostReports}) {
  add_conductor_methods(methods_, parts.conductor, parts.env);
  add_filter_method(methods_, parts.filter);
}

RpcCalls::~RpcCalls() = default;

http::Response RpcCalls::answer(const http::Request& request, const std::stop_token& stop) {
  try {
    guard_->check(request, stop);
  } catch (const Error& error) {
    return error_response(error.code(), error.what(), guard_->challenge());
  }
  return methods_.answer(request, stop);
}

base::Pool& RpcCalls::pool_for(const http::Request& head) {
  return is_report(head) ? reports_ : calls_;
}

bool RpcCalls::drain(base::Env::TimePoint deadline) {
  const bool all = calls_.drain(deadline);
  return reports_.drain(deadline) && all;
}

}  // namespace inspector
