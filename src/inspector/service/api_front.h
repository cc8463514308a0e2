#pragma once
#include "http/server.h"
#include "inspector/service/api_calls.h"

namespace inspector {

/// The API on its port.
class ApiFront {
 public:
  /// Listens; throws std::runtime_error naming the address. `parts` outlive it.
  ApiFront(base::Env& env, Api::Parts parts, const ApiOptions& options);

  void start() { server_.start(); }

  /// False: `deadline` came before all requests were answered.
  bool stop(base::Env::TimePoint deadline);

 private:
  ApiCalls calls_;
  http::Server server_;
};

}  // namespace inspector
