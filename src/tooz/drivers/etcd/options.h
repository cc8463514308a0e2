#pragma once
#include "tooz/drivers/net/tls.h"
#include "tooz/url.h"

namespace tooz::etcd {

/// What a URL says to this driver.
struct Options {
  std::vector<Url::Host> hosts;  ///< at least one
  std::string user;              ///< empty: no login
  std::string password;
  base::Env::Duration timeout = std::chrono::seconds(5);  ///< of one call
  bool tls = false;
  net::TlsFiles files;
  std::string name;  ///< for error texts: the URL without its password
};

/// Throws Error{kBadUrl} for an unknown option, a path, a password without user, a certificate
/// without its key, and TLS files together with etcd3+http://. `etcd3://` uses TLS when `ca_cert`
/// or `cert_cert` is given. Does no I/O.
Options options_from(const Url& url);

}  // namespace tooz::etcd
