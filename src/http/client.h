#pragma once
#include "base/env.h"
#include "http/message.h"

#include <system_error>

namespace http {

/// Why there is no answer.
enum class Errc {
  kNotSent = 1,  ///< no connection was made: the server has not seen the request
  kNoAnswer,     ///< sent, perhaps executed, and no (whole) answer came
  kStopped,      ///< `stop` was requested; perhaps executed
  kBadUrl,
};
std::error_code make_error_code(Errc code) noexcept;

/// what() names method and URL without credentials or query.
class Error : public std::system_error {
 public:
  Error(Errc code, const std::string& context)
      : std::system_error(make_error_code(code), context) {}
};

struct ClientOptions {
  std::string ca_file, cert_file, key_file;
  bool insecure = false;  ///< do not check the server's certificate
  base::Env::Duration connect_time = std::chrono::seconds(5);
  std::size_t max_answer = 64 * 1024 * 1024;  ///< bytes; more is kNoAnswer
  std::size_t max_idle = 16;                  ///< connections kept for the next request
};

/// Sends requests over pooled keep-alive connections (libcurl). Any HTTP status is an answer, not
/// an error; redirects are not followed. Thread-safe; cancelled at once by `stop`.
class Client {
 public:
  Client(base::Env& env, ClientOptions options);
  ~Client();

  /// @param base_url http:// or https://, host, port and optional path prefix; or
  /// http+unix://<percent-encoded path> Blocks until `deadline` at most. Throws Error.
  Response send(std::string_view base_url, const Request& request, base::Env::TimePoint deadline,
                std::stop_token stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http

template <>
struct std::is_error_code_enum<http::Errc> : std::true_type {};
