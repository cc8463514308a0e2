#pragma once
#include "http/message.h"
#include "inspector/error.h"

#include <boost/json/fwd.hpp>
#include <string_view>

namespace inspector {

/// JSON as the API writes it: ASCII, names in alphabetical order, no blanks, a line feed at the
/// end.
http::Response json_response(int status, const boost::json::value& body);

/// `{"error":{"message":"<text>"}}`; with Retry-After when it is worth repeating, `challenge` as
/// WWW-Authenticate when credentials are missing. Bytes of `text` that are not UTF-8 are replaced.
http::Response error_response(Errc code, std::string_view text, std::string_view challenge = {});

}  // namespace inspector
