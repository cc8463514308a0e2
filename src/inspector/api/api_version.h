#pragma once
#include "http/message.h"

namespace inspector {

inline constexpr std::string_view kMinimumApiVersion = "1.0";
inline constexpr std::string_view kMaximumApiVersion = "1.18";

/// A version between 1.0 and the newest.
struct ApiVersion {
  long minor = 18;
  bool operator<(const ApiVersion& other) const noexcept { return minor < other.minor; }
};

/// From here on a new rule is answered 201, before 200: the one thing that depends on the version.
inline constexpr ApiVersion kRuleCreatedVersion{6};

/// The version that a request asks for: `X.Y` in range; the newest for `latest` or none. Throws
/// Error{kNotAcceptable} out of range, Error{kBadRequest} malformed. OpenStack-API-Version is not
/// looked at.
ApiVersion api_version(const http::Headers& headers);

}  // namespace inspector
