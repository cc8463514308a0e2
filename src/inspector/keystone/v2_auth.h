#pragma once
#include "http/client.h"
#include "inspector/config/keystone.h"

#include <boost/json.hpp>
#include <string>

namespace inspector::keystone {

/// The request for a token to a Keystone that still speaks Identity v2.0, at the auth_url itself
/// (`http://HOST:5000/v2.0`): by user and password, or by another token, in a tenant or none.
http::Request v2_request(const ServiceAuth& auth);

struct V2Grant {
  std::string token;
  base::Env::Duration lives{};  ///< by Keystone's clock, or from `now` where it does not say
  boost::json::array catalog;   ///< in the form of v3: one endpoint an interface
};

/// Throws Error: the answer grants nothing.
V2Grant v2_grant(const ServiceAuth& auth, const http::Response& response, base::Env::WallTime now);

}  // namespace inspector::keystone
