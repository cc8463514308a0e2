#pragma once
#include "base/env.h"
#include "inspector/config/coordination.h"
#include "tooz/coordinator.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace inspector {

/// The lease that a backend's URL asks for: 10 s unless it says otherwise.
base::Env::Duration lease_of(const std::string& backend_url);

/// A process's place in the coordination service; asks nothing of it yet. Throws base::ConfigError
/// that names the option when its URL cannot be used.
std::unique_ptr<tooz::Coordinator> make_coordinator(base::Env& env,
                                                    const CoordinationOptions& options,
                                                    const std::string& member);

/// Runs `body` until the backend answers, a second apart, with a line in the log every few seconds.
/// False: `stop` was requested first. Other errors of tooz (refused credentials, a bad name) are
/// passed on: waiting would not cure them.
bool until_reachable(base::Env& env, const std::string& backend_url, const std::stop_token& stop,
                     const std::function<void()>& body);

/// Joins the group of the conductors, which is created if absent. False: `stop` was requested while
/// the backend was away. Throws std::runtime_error when a live process has the same `host`.
bool join_conductors(base::Env& env, tooz::Coordinator& coordinator,
                     const CoordinationOptions& options, const std::string& endpoint,
                     const std::string& host, const std::stop_token& stop);

}  // namespace inspector
