#pragma once
#include "base/env.h"
#include "http/message.h"
#include "inspector/config/web.h"

#include <optional>

namespace inspector {

/// The answer to a look at how the service is (oslo.middleware's health check), before anybody is
/// asked who he is; nullopt: the request is not one. `port` is that of the service, for requests
/// that do not say to which they came.
std::optional<http::Response> answer_health_check(const HealthOptions& options,
                                                  const http::Request& request, std::uint16_t port,
                                                  base::Env& env);

}  // namespace inspector
