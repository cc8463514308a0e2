#pragma once
#include "base/log_context.h"
#include "inspector/api/router.h"
#include "inspector/config/api.h"

#include <memory>
#include <stop_token>
#include <string>

namespace inspector {

class HttpBasic;
class Policy;
namespace keystone {
class Tokens;
}

/// Who may use which route, by `auth_strategy`. Thread-safe.
class Guard {
 public:
  /// Throws base::ConfigError when the file of users or of the policy cannot be used.
  Guard(base::Env& env, const ApiOptions& options);
  ~Guard();

  /// Throws Error: kUnauthorized, kForbidden, kBadRequest (malformed credentials), kUnavailable
  /// (Keystone does not answer, or the file of users has become unusable).
  /// `who` gets what is known of the caller.
  void check(const Route& route, const http::Request& request, base::LogContext& who,
             const std::stop_token& stop) const;

  /// Value of `WWW-Authenticate` for who has no credentials.
  const std::string& challenge() const noexcept { return challenge_; }

 private:
  void check_policy(const Route& route, const http::Request& request, base::LogContext& who,
                    const std::stop_token& stop) const;

  std::unique_ptr<HttpBasic> users_;
  std::unique_ptr<keystone::Tokens> tokens_;
  std::unique_ptr<Policy> policy_;
  std::string challenge_;
};

}  // namespace inspector
