#pragma once
#include "http/message.h"

namespace inspector {

inline constexpr std::string_view kMinimumApiVersion = "1.0";
inline constexpr std::string_view kMaximumApiVersion = "1.18";

/// Checks the version that a request asks for: `X.Y` in range, `latest`, or none. No behaviour of
/// the routes depends on it. Throws Error{kNotAcceptable} out of range, Error{kBadRequest}
/// malformed. OpenStack-API-Version is not looked at.
void check_api_version(const http::Headers& headers);

}  // namespace inspector
