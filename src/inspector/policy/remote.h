#pragma once
#include "http/client.h"
#include "inspector/config/policy.h"

#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace inspector {

/// Asks the servers that checks of the form `http://host/path` name. Thread-safe.
class RemotePolicy {
 public:
  explicit RemotePolicy(const RemotePolicyOptions& options);
  /// For tests: `sender` outlives this.
  RemotePolicy(const RemotePolicyOptions& options, http::Sender& sender);

  /// Whether the server at `url` answers `True` about `rule` and who asks. Throws
  /// Error{kUnavailable} when no answer comes in time, with the reason in the log.
  bool says_yes(const std::string& url, std::string_view rule,
                const boost::json::object& credentials, const std::stop_token& stop);

 private:
  http::Request question(std::string_view rule, const boost::json::object& credentials) const;

  const RemotePolicyOptions options_;
  std::unique_ptr<http::Client> client_;
  http::Sender& sender_;
};

}  // namespace inspector
