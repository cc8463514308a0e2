#pragma once
#include "inspector/config/keystone.h"

#include <boost/json.hpp>

namespace inspector::keystone {

/// The body of `POST /v3/auth/tokens` that `auth` asks for a token with.
boost::json::object auth_request(const ServiceAuth& auth);

/// `url` with `/v3` at its end, where Keystone's requests begin.
std::string v3_url(std::string_view url);

}  // namespace inspector::keystone
