#pragma once
#include "tooz/drivers/sql_kv/client.h"

namespace tooz::postgresql {

/// What a URL says to this driver.
struct Options {
  sql_kv::Settings settings;
  std::map<std::string, std::string> parameters;  ///< libpq's names; one is the password
};

/// Throws Error{kBadUrl} for an unknown option and a value that cannot be used. Does no I/O.
Options options_from(const Url& url);

}  // namespace tooz::postgresql
