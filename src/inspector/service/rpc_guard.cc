#include "inspector/service/rpc_guard.h"

#include "inspector/api/http_basic.h"
#include "inspector/error.h"
#include "inspector/keystone/tokens.h"

#include <algorithm>

namespace inspector {
namespace {

/// What [json_rpc] does not set is [DEFAULT]'s.
constexpr std::string_view kUsersOption = "[json_rpc] or [DEFAULT]http_basic_auth_user_file";

}  // namespace

RpcGuard::RpcGuard(base::Env& env, const RpcOptions& options)
    : allowed_roles_(options.allowed_roles) {
  if (options.auth == RpcOptions::Auth::kHttpBasic) {
    users_ = std::make_unique<HttpBasic>(options.http_basic_auth_user_file, kUsersOption);
    challenge_ = kBasicChallenge;
  }
  if (options.auth == RpcOptions::Auth::kKeystone) {
    tokens_ = std::make_unique<keystone::Tokens>(env, options.tokens);
    challenge_ = tokens_->challenge();
  }
}

RpcGuard::~RpcGuard() = default;

void RpcGuard::check(const http::Request& request, const std::stop_token& stop) const {
  if (users_) users_->check(http::find_header(request.headers, "Authorization"));
  if (!tokens_) return;
  const keystone::TokenCache::Answer who = tokens_->check(request, stop);
  if (!who) throw Error(Errc::kUnauthorized, "Authentication required");
  const bool allowed =
      std::ranges::any_of(who->at("roles").as_array(), [&](const boost::json::value& role) {
        return std::ranges::any_of(allowed_roles_, [&](const std::string& wanted) {
          return http::same_name(role.as_string(), wanted);
        });
      });
  if (!allowed) throw Error(Errc::kForbidden, "Access denied");
}

}  // namespace inspector
