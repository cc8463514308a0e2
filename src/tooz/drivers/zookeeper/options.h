#pragma once
#include "base/env.h"
#include "tooz/url.h"

namespace tooz::zookeeper {

/// What a URL says to this driver.
struct Options {
  std::vector<std::string> hosts;  ///< `host:port`, no brackets; at least one
  bool shuffle = true;             ///< each process begins with another of the hosts
  std::string credentials;         ///< `user:password` of scheme digest; empty: none
  std::string root = "/tooz-cc";   ///< the node that everything stands under
  base::Env::Duration timeout = std::chrono::seconds(5);  ///< of one call
  std::string name;  ///< for error texts: the URL without its password
};

/// Throws Error{kBadUrl} for an unknown option, a path, a password without user or the reverse, a
/// namespace that cannot be a node, and for TLS, which the client library lacks. Does no I/O.
Options options_from(const Url& url);

}  // namespace tooz::zookeeper
