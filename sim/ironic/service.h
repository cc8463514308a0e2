#pragma once
#include <optional>

#include "http/message.h"
#include "sim/ironic/machines.h"
#include "sim/ironic/model.h"
#include "sim/ironic/request_log.h"

namespace sim {

/// Trouble that requests to the simulated Ironic meet, each as a share from 0 to 1 of all requests
/// below /v1/ (conflicts: of those that write).
struct Trouble {
  base::Env::Duration latency{};  ///< of every answer
  double conflict = 0;            ///< 409, the node is locked
  double busy = 0;                ///< 503
  double drop = 0;                ///< the connection is closed without an answer
};

/// Ironic's API (1.1 to 1.82) over a model of nodes and machines. Thread-safe.
class IronicService {
 public:
  /// `log` may be null.
  IronicService(base::Env& env, IronicModel& model, Machines& machines, Trouble trouble,
                RequestLog* log);

  /// nullopt: drop the connection.
  std::optional<http::Response> handle(const http::Request& request, std::stop_token stop);

 private:
  std::optional<http::Response> trouble_for(const http::Request& request);
  http::Response route(const http::Request& request);

  base::Env& env_;
  IronicModel& model_;
  Machines& machines_;
  const Trouble trouble_;
  RequestLog* const log_;
};

}  // namespace sim
