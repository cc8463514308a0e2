#pragma once
#include "base/env.h"
#include "base/log_context.h"
#include "http/message.h"

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>

namespace inspector {

/// For whom the thread works that answers `request`: a new request_id, and as global_request_id the
/// one that another service sends (`X-OpenStack-Request-ID: req-UUID`; anything else counts as
/// none).
std::shared_ptr<base::LogContext> request_context(base::Env& env, const http::Request& request);

/// The user of http_basic; or of a token, by the credentials that the policy is asked with.
void name_user(base::LogContext& context, const std::string& user);
void name_user(base::LogContext& context, const boost::json::object& credentials);

}  // namespace inspector
