#pragma once
#include "http/client.h"
#include "inspector/config/ironic.h"
#include "inspector/ironic/client.h"
#include "inspector/keystone/session.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace inspector::ironic {

/// One request to Ironic.
struct Ask {
  std::string method;
  std::string path;  ///< from `/v1/` on, with its query
  std::optional<boost::json::value> body;
  bool twice_is_harmless = true;  ///< else it is not sent again when an answer was lost
};

/// Requests with authentication, microversion, and repetition within a budget of
/// `attempts` and of time: one request's timeout plus the pauses. Thread-safe.
class Session {
 public:
  Session(base::Env& env, const IronicOptions& options, std::shared_ptr<http::Sender> sender);

  /// The body of a 2xx answer; null if it is empty. Throws Error for all else, after the budget for
  /// 409, 503 and lost connections; LockLost. A 409 that says that something exists already is
  /// not repeated.
  boost::json::value exchange(const Ask& ask, const Call& call);

 private:
  struct Failed;
  struct Turn;

  boost::json::value attempt(const Ask& ask, Turn& turn);
  http::Response send(const http::Request& request, Turn& turn, bool twice_is_harmless);
  http::Response send_once(const http::Request& request, Turn& turn, bool twice_is_harmless);
  http::Response send_with(const http::Headers& credentials, const http::Request& request,
                           Turn& turn, bool twice_is_harmless);
  std::string endpoint(Turn& turn);
  int version(Turn& turn);
  int discover(Turn& turn);

  base::Env& env_;
  const IronicOptions options_;
  const std::shared_ptr<http::Sender> http_;
  keystone::Session auth_;
  std::atomic<int> minor_{0};  ///< of the version that is sent; 0: not known yet
};

}  // namespace inspector::ironic
