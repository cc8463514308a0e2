#pragma once
#include "tooz/drivers/net/tls.h"
#include "tooz/url.h"

namespace tooz::redis {

/// What a URL says to this driver.
struct Options {
  std::vector<Url::Host> hosts;  ///< servers, or with `sentinel` those who know the master
  std::string socket;            ///< path of a local socket, instead of hosts; empty: none
  std::string user;
  std::string password;  ///< empty: no login
  int db = 0;
  std::string space = "tooz-cc";                          ///< what all our keys begin with
  base::Env::Duration timeout = std::chrono::seconds(5);  ///< of one call
  base::Env::Duration connect_timeout = timeout;          ///< of one attempt to connect
  bool tls = false;
  net::TlsFiles files;

  std::string sentinel;  ///< name of the master; empty: no Sentinel
  std::string sentinel_user;
  std::string sentinel_password;
  bool sentinel_tls = false;

  std::string name;  ///< for error texts: the URL without its password
};

/// Throws Error{kBadUrl} naming the option. Does no I/O.
Options options_from(const Url& url);

}  // namespace tooz::redis
