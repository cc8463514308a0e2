#pragma once
#include "http/client.h"
#include "inspector/config/keystone.h"

#include <string>

namespace inspector::keystone {

/// Swift's own authentication, by headers alone: asked at the auth_url itself.
http::Request v1_request(const ServiceAuth& auth);

struct V1Grant {
  std::string token;
  std::string storage_url;      ///< of the account
  base::Env::Duration lives{};  ///< the token, when nothing is said a day
};

/// Throws Error: the answer grants nothing. A project_name takes the place of the account.
V1Grant v1_grant(const ServiceAuth& auth, const http::Response& response);

}  // namespace inspector::keystone
