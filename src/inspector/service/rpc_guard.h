#pragma once
#include "base/env.h"
#include "http/message.h"
#include "inspector/config/rpc.h"

#include <memory>
#include <stop_token>
#include <string>

namespace inspector {

class HttpBasic;
namespace keystone {
class Tokens;
}

/// Who may call a conductor, by `[json_rpc]auth_strategy`. Thread-safe.
class RpcGuard {
 public:
  /// Throws base::ConfigError when the file of users cannot be used.
  RpcGuard(base::Env& env, const RpcOptions& options);
  ~RpcGuard();

  /// Throws Error: kUnauthorized, kForbidden (none of `allowed_roles`), kBadRequest, kUnavailable.
  void check(const http::Request& request, const std::stop_token& stop) const;

  /// Value of `WWW-Authenticate` for who has no credentials.
  const std::string& challenge() const noexcept { return challenge_; }

 private:
  const std::vector<std::string> allowed_roles_;
  std::unique_ptr<HttpBasic> users_;
  std::unique_ptr<keystone::Tokens> tokens_;
  std::string challenge_;
};

}  // namespace inspector
