#pragma once
#include "http/message.h"
#include "inspector/config/web.h"

namespace inspector {

/// Adds to an answer what browsers want to know before they let a page of another origin have it,
/// if that origin is allowed. An OPTIONS that asks before the request is answered 200 whatever the
/// API said.
void add_cors(const CorsOptions& options, const http::Request& request, http::Response& response);

}  // namespace inspector
