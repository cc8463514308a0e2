#pragma once
#include "base/pool.h"
#include "inspector/api/api.h"

namespace inspector {

/// The API, whatever brings it the requests: they are answered by one pool, reports of ramdisks by
/// another, so that neither can keep the other waiting. Thread-safe.
class ApiCalls {
 public:
  /// `parts` outlive it. Throws as Api does.
  ApiCalls(base::Env& env, Api::Parts parts, const ApiOptions& options);

  http::Response answer(const http::Request& request, const std::stop_token& stop) noexcept {
    return api_.handle(request, stop);
  }

  /// Where a request is to be answered; looks at its head only.
  base::Pool& pool_for(const http::Request& head) noexcept {
    return Api::is_report(head) ? reports_ : requests_;
  }

  /// False: `deadline` came before all requests were answered.
  bool drain(base::Env::TimePoint deadline);

 private:
  Api api_;
  base::Pool requests_;
  base::Pool reports_;
};

}  // namespace inspector
