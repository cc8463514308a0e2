#include "inspector/api/guard.h"

#include "inspector/api/http_basic.h"
#include "inspector/api/request_context.h"
#include "inspector/error.h"
#include "inspector/keystone/tokens.h"
#include "inspector/policy/policy.h"

namespace inspector {

Guard::Guard(base::Env& env, const ApiOptions& options) {
  if (options.auth == ApiOptions::Auth::kHttpBasic) {
    users_ = std::make_unique<HttpBasic>(options.http_basic_auth_user_file);
    challenge_ = kBasicChallenge;
  }
  if (options.auth == ApiOptions::Auth::kKeystone) {
    tokens_ = std::make_unique<keystone::Tokens>(env, options.tokens);
    policy_ = std::make_unique<Policy>(options.policy);
    challenge_ = tokens_->challenge();
  }
}

Guard::~Guard() = default;

void Guard::check(const Route& route, const http::Request& request, base::LogContext& who,
                  const std::stop_token& stop) const {
  if (users_ && route.access == Access::kAuthenticated)
    name_user(who, users_->check(http::find_header(request.headers, "Authorization")));
  if (tokens_) check_policy(route, request, who, stop);
}

/// A ramdisk has no token, and works while Keystone is away: on a public route one that cannot be
/// checked is as good as none.
void Guard::check_policy(const Route& route, const http::Request& request, base::LogContext& who,
                         const std::stop_token& stop) const {
  const bool open = route.access == Access::kPublic;
  keystone::TokenCache::Answer found;
  try {
    found = tokens_->check(request, stop);
  } catch (const Error&) {
    if (!open) throw;
  }
  if (!found && !open) throw Error(Errc::kUnauthorized, "Authentication required");
  boost::json::object credentials = found ? *found : boost::json::object();
  name_user(who, credentials);
  credentials.erase("names");
  credentials["is_public_api"] = open;
  if (!policy_->allows(route.rule, credentials, stop))
    throw Error(Errc::kForbidden, "Access denied by policy");
}

}  // namespace inspector
