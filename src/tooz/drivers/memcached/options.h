#pragma once
#include "tooz/url.h"

namespace tooz::memcached {

/// What a URL says to this driver.
struct Options {
  Url::Host host;
  base::Env::Duration timeout = std::chrono::seconds(5);  ///< of one call
  std::string name;                                       ///< for error texts
};

/// Throws Error{kBadUrl} naming the option, also for those of TLS. Does no I/O.
Options options_from(const Url& url);

}  // namespace tooz::memcached
