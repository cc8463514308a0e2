#pragma once
#include "base/env.h"
#include "inspector/config/keystone.h"

#include <optional>
#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

/// How a service of OpenStack is reached. keystoneauth's option names.
struct ServiceOptions {
  ServiceAuth auth;
  EndpointChoice endpoint;
  http::ClientOptions client;
  base::Env::Duration timeout = std::chrono::seconds(60);  ///< of one request
  int attempts = 5;  ///< of one request that is answered 409 or 503
  base::Env::Duration retry_pause = std::chrono::seconds(1);  ///< between those
  int connect_attempts = 5;  ///< of one that finds nobody, counted apart
  base::Env::Duration connect_pause = std::chrono::seconds(1);
};

/// The attempts of one request.
class Attempts {
 public:
  explicit Attempts(const ServiceOptions& options) : options_(options) {}

  /// After one that failed: how long to wait for the next; nullopt: it was the last.
  std::optional<base::Env::Duration> next(bool answered);

 private:
  const ServiceOptions& options_;
  int refused_ = 0, unanswered_ = 0;
};

/// A section of such options.
struct ServiceSection {
  std::string_view name;
  std::string_view service_type;
  std::string_view endpoint;  ///< what endpoint_override has to be, with an example
};

/// timeout and the retries of a section. Throws base::ConfigError.
void read_patience(const base::Ini& ini, std::string_view section, ServiceOptions& options);

/// Reads and checks; throws base::ConfigError.
ServiceOptions read_service(const base::Ini& ini, const ServiceSection& section);

}  // namespace inspector
