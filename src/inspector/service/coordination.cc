#include "inspector/service/coordination.h"

#include "base/ini.h"
#include "base/log.h"
#include "tooz/error.h"
#include "tooz/url.h"
#include "tooz/value.h"

#include <algorithm>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.coordination";
constexpr base::Env::Duration kPause = std::chrono::seconds(1);
constexpr base::Env::Duration kLogEvery = std::chrono::seconds(5);
constexpr base::Env::Duration kUsualLease = std::chrono::seconds(10);

/// The URL without its password; empty for one that cannot be read.
std::string shown(const std::string& backend_url) {
  try {
    return " = " + tooz::parse_url(backend_url).safe();
  } catch (const tooz::Error&) {
    return {};
  }
}

bool waiting_helps(const tooz::Error& error) {
  return error.code() == tooz::Errc::kUnreachable || error.code() == tooz::Errc::kSessionLost;
}

}  // namespace

base::Env::Duration lease_of(const std::string& backend_url) {
  const tooz::Url url = tooz::parse_url(backend_url);
  const auto membership = url.duration("membership_timeout");
  const auto lock = url.duration("lock_timeout");
  if (!membership && !lock) return kUsualLease;
  return std::min(membership.value_or(base::Env::Duration::max()),
                  lock.value_or(base::Env::Duration::max()));
}

std::unique_ptr<tooz::Coordinator> make_coordinator(base::Env& env,
                                                    const CoordinationOptions& options,
                                                    const std::string& member) {
  try {
    return std::make_unique<tooz::Coordinator>(env, options.backend_url,
                                               tooz::Options{.member_id = member});
  } catch (const tooz::Error& error) {
    throw base::ConfigError("[coordination]backend_url" + shown(options.backend_url) + ": " +
                            error.what());
  }
}

bool until_reachable(base::Env& env, const std::string& backend_url, const std::stop_token& stop,
                     const std::function<void()>& body) {
  auto next_line = env.now();
  while (!stop.stop_requested()) {
    try {
      body();
      return true;
    } catch (const tooz::Error& error) {
      if (!waiting_helps(error)) throw;
      if (env.now() >= next_line) {
        base::log_warning(kComponent, "Waiting for the coordination backend " +
                                          tooz::parse_url(backend_url).safe() + ": " +
                                          error.what());
        next_line = env.now() + kLogEvery;
      }
    }
    env.sleep_for(kPause, stop);
  }
  return false;
}

bool join_conductors(base::Env& env, tooz::Coordinator& coordinator,
                     const CoordinationOptions& options, const std::string& endpoint,
                     const std::string& host, const std::stop_token& stop) {
  bool joined = false;
  const tooz::Value capabilities = tooz::Value::Map{{"endpoint", endpoint}};
  const bool reached = until_reachable(env, options.backend_url, stop, [&] {
    coordinator.create_group(options.group);
    joined = coordinator.join(options.group, capabilities);
  });
  if (!reached) return false;
  if (!joined)
    throw std::runtime_error("another conductor that is alive has the same [DEFAULT]host = " +
                             host + "; each needs a name of its own");
  base::log_info(kComponent, "Joined the group " + options.group, {{"endpoint", endpoint}});
  return true;
}

}  // namespace inspector
