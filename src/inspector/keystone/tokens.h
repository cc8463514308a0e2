#pragma once
#include "inspector/keystone/session.h"
#include "inspector/keystone/shared_tokens.h"
#include "inspector/keystone/token_cache.h"

namespace inspector::keystone {

/// Checks the tokens of callers with Keystone, and remembers for a while what it said: in memcached
/// when there is one, so that all processes know, otherwise in this one. Thread-safe.
class Tokens {
 public:
  /// Asks nothing yet. `sender` carries the requests to Keystone; none: an http::Client as
  /// `options` say.
  Tokens(base::Env& env, TokenOptions options, std::shared_ptr<http::Sender> sender = nullptr);

  /// The credentials behind `X-Auth-Token` (and `X-Service-Token`); nullptr when there is none or
  /// it is not valid. Blocks for its options' time-outs at most. Throws inspector::Error
  /// {kUnavailable} when Keystone does not answer.
  TokenCache::Answer check(const http::Request& request, const std::stop_token& stop);

  /// Value of `WWW-Authenticate`.
  std::string challenge() const;

 private:
  using Answer = TokenCache::Answer;
  struct Said {
    Answer answer;
    std::string body;  ///< in which Keystone has said so
  };

  /// The `token` object of a valid one.
  Answer look_up(const std::string& token, bool expired_too, const std::stop_token& stop);
  /// nullopt: the other processes have not asked, or cannot tell.
  std::optional<Answer> shared(const std::string& token, bool expired_too);
  void keep(const std::string& digest, const std::string& token, const Said& said);
  Said ask(const std::string& token, bool expired_too, const std::stop_token& stop);
  http::Response send(const http::Request& request, const Patience& patience);
  base::Env::Duration kept_for(const boost::json::object& token) const;
  bool has_expired(const boost::json::object& token) const;
  bool is_service(const boost::json::object& token) const;

  base::Env& env_;
  const TokenOptions options_;
  const std::shared_ptr<http::Sender> sender_;
  Session session_;
  std::unique_ptr<SharedTokens> shared_;  ///< may be none
  TokenCache valid_;
  TokenCache invalid_;  ///< apart, so that guesses do not drive out what is valid
};

}  // namespace inspector::keystone
