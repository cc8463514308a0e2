#pragma once
#include "tooz/drivers/sql_kv/client.h"

namespace tooz::mysql {

/// What a URL says to this driver.
struct Options {
  sql_kv::Settings settings;
  std::string user;  ///< empty: the name of the system's user
  std::string password;
  std::string database;
  std::string unix_socket;  ///< empty: by TCP

  struct Tls {
    bool wanted = false;
    bool verify = false;  ///< the server's certificate and the name in it
    std::string ca;
    std::string ca_path;
    std::string certificate;
    std::string key;
    std::string cipher;
  } tls;
};

/// Throws Error{kBadUrl} for an unknown option, a URL without a database, and a value that cannot
/// be used. Does no I/O.
Options options_from(const Url& url);

}  // namespace tooz::mysql
