#pragma once
#include "inspector/keystone/memcached_servers.h"

#include <boost/json.hpp>
#include <optional>
#include <string>

namespace inspector::keystone {

/// What Keystone has said of valid tokens, kept in memcached for all processes with the same
/// servers and secret, keystonemiddleware's included: whole answers to `GET /v3/auth/tokens`.
/// Nothing here fails: what cannot be had or kept is as if it were not there. Thread-safe.
class SharedTokens {
 public:
  SharedTokens(base::Env& env, const SharedTokenOptions& options)
      : env_(env), options_(options), servers_(env, options) {}

  /// The `token` object; nullopt: it is not known, or what stands there is no answer of Keystone's.
  std::optional<boost::json::object> find(const std::string& token);

  /// False: it was not kept.
  bool keep(const std::string& token, const std::string& answer, base::Env::Duration lives);

 private:
  base::Env& env_;
  const SharedTokenOptions options_;
  MemcachedServers servers_;
};

}  // namespace inspector::keystone
