#pragma once
#include "base/env.h"
#include "http/message.h"

#include <string>
#include <string_view>

namespace inspector {

/// One answered request, for the log.
struct Answered {
  const http::Request& request;
  const http::Response& response;
  base::Env::Duration took;
  std::chrono::system_clock::time_point now;
};

/// `format` filled in as Python's `%` does it with the fields of eventlet's server: client_ip,
/// client_port (unknown: 0), date_time, request_line, status_code, body_length, wall_seconds.
std::string access_line(std::string_view format, const Answered& answered);

/// Throws std::invalid_argument that says what access_line() could not make of `format`.
void check_access_format(std::string_view format);

}  // namespace inspector
