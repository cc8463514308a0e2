#pragma once
#include "base/env.h"
#include "http/message.h"

#include <system_error>

namespace http {

/// Why there is no answer.
enum class Errc {
  kNotSent = 1,  ///< not a byte of the request has left: the server has not seen it
  kNoAnswer,     ///< sent, perhaps executed, and no (whole) answer came
  kStopped,      ///< `stop` was requested; perhaps executed
  kBadUrl,       ///< URL, method or header that cannot be sent
};
std::error_code make_error_code(Errc code) noexcept;

/// what() names method and URL without credentials or query.
class Error : public std::system_error {
 public:
  Error(Errc code, const std::string& context)
      : std::system_error(make_error_code(code), context) {}
};

struct ClientOptions {
  std::string ca_file;  ///< file or directory of certificates; empty: the system's
  std::string cert_file, key_file;
  bool insecure = false;  ///< do not check the server's certificate
  base::Env::Duration connect_time = std::chrono::seconds(5);  ///< TLS included
  std::size_t max_answer = 64 * 1024 * 1024;                   ///< bytes; more is kNoAnswer
  std::size_t max_idle = 16;  ///< connections kept for the next request
};

/// Takes requests to where they are answered: over the network, or through a simulated one.
/// Thread-safe.
class Sender {
 public:
  virtual ~Sender() = default;
  /// As Client::send().
  virtual Response send(std::string_view base_url, const Request& request,
                        base::Env::TimePoint deadline, const std::stop_token& stop) = 0;
};

/// Sends requests over pooled keep-alive connections (libcurl). Any HTTP status is an answer, not
/// an error; redirects are not followed; proxies are taken from the environment. Thread-safe;
/// cancelled at once by `stop`.
///
/// A request goes out once. Only GET, HEAD and OPTIONS are sent again, on a new connection, when a
/// kept one turns out to have been closed by the server before anything was answered; any other
/// request is then kNoAnswer, unless not a byte of it had left. When `stop` or the deadline ends
/// the wait for an answer, the connection is reset: a request that the network holds back is not
/// delivered later, unless the server's machine has it already.
class Client final : public Sender {
 public:
  Client(base::Env& env, ClientOptions options);
  ~Client() override;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// @param base_url http:// or https://, host, port and optional path prefix; or
  /// http+unix://<percent-encoded path>, with an optional path prefix behind it.
  /// `request.target` is empty or begins with `/` or `?`. Blocks until `deadline` at most. Throws
  /// Error.
  Response send(std::string_view base_url, const Request& request, base::Env::TimePoint deadline,
                const std::stop_token& stop) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http

template <>
struct std::is_error_code_enum<http::Errc> : std::true_type {};
