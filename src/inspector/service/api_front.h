#pragma once
#include "base/pool.h"
#include "http/server.h"
#include "inspector/api/api.h"

namespace inspector {

/// The API on its port: requests are answered by one pool, reports of ramdisks by another, so that
/// neither can keep the other waiting.
class ApiFront {
 public:
  /// Listens; throws std::runtime_error naming the address. `parts` outlive it.
  ApiFront(base::Env& env, Api::Parts parts, const ApiOptions& options);

  void start() { server_.start(); }

  /// False: `deadline` came before all requests were answered.
  bool stop(base::Env::TimePoint deadline);

 private:
  Api api_;
  base::Pool requests_;
  base::Pool reports_;
  http::Server server_;
};

}  // namespace inspector
