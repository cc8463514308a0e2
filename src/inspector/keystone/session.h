#pragma once
#include "base/env.h"
#include "http/client.h"
#include "inspector/config/keystone.h"
#include "inspector/keystone/error.h"

#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace inspector::keystone {

/// Until when a caller waits.
struct Patience {
  base::Env::TimePoint deadline;
  std::stop_token stop;
};

/// What a service of ours shows to another: nothing, a password, or a token that it gets from
/// Keystone (or Swift's tempauth), keeps, and renews before its end. However many threads need a
/// token, one asks for it. Thread-safe.
class Session {
 public:
  /// Asks nothing yet. `sender` carries the requests to Keystone.
  Session(base::Env& env, ServiceAuth auth, std::shared_ptr<http::Sender> sender);

  /// The headers that a request to a service carries: `X-Auth-Token`, `Authorization`, or none.
  /// Throws Error.
  http::Headers headers(const Patience& patience);

  /// A service has answered 401 to these headers: the next call asks for a new token. True: that
  /// may help.
  bool refused(const http::Headers& headers);

  /// The URL of a service: the one given, else that of the catalogue (by tempauth: of the account),
  /// without a slash at its end. Throws Error, also when there is none in the catalogue.
  std::string endpoint(const EndpointChoice& choice, const Patience& patience);

  const ServiceAuth& auth() const noexcept { return auth_; }

 private:
  struct Token {
    std::string text;
    base::Env::TimePoint renew;  ///< from then on another is asked for
    boost::json::array catalog;
    std::string storage_url;  ///< of Swift's account, by tempauth, which has no catalogue
  };
  using TokenPtr = std::shared_ptr<const Token>;

  TokenPtr token(const Patience& patience);
  TokenPtr ask_and_keep(const Patience& patience);
  TokenPtr ask(const Patience& patience);
  TokenPtr ask_keystone(const Patience& patience);
  TokenPtr ask_v1(const Patience& patience);
  TokenPtr ask_v2(const Patience& patience);
  http::Response answer(const std::string& url, const http::Request& request,
                        const Patience& patience);
  base::Env::TimePoint renewal(base::Env::Duration lives);

  base::Env& env_;
  const ServiceAuth auth_;
  const std::shared_ptr<http::Sender> sender_;
  const std::unique_ptr<base::Env::Event> asked_;  ///< the one who asked is through
  mutable std::mutex mutex_;
  TokenPtr token_;       // guarded by mutex_, as the next
  bool asking_ = false;  //
};

}  // namespace inspector::keystone
