#pragma once
#include "base/env.h"

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace http {
struct Request;
struct Response;
class Client;
}  // namespace http

/// JSON-RPC 2.0 over HTTP POST. Messages carry a version; members nobody knows are ignored.
namespace rpc {

/// The method ran (or refused its arguments) and says no; travels to the caller with code and text.
class Fault : public std::runtime_error {
 public:
  Fault(int code_, int http_status_, const std::string& text)
      : std::runtime_error(text), code(code_), http_status(http_status_) {}
  int code;         ///< JSON-RPC error code; the application's own are > 0
  int http_status;  ///< what the HTTP API answers for it
};

/// Nobody answered. `executed` is false when the server cannot have taken the call.
class Unavailable : public std::runtime_error {
 public:
  Unavailable(bool maybe_executed, const std::string& text)
      : std::runtime_error(text), executed(maybe_executed) {}
  bool executed;
};

/// The wire as seen by a caller; a simulation brings its own. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Returns the result. Throws Fault, or Unavailable at `deadline` at the latest.
  virtual boost::json::value call(const std::string& endpoint, std::string_view method,
                                  const boost::json::object& params, base::Env::TimePoint deadline,
                                  std::stop_token stop) = 0;
};

/// `authorization`: value of the header of that name, empty for none. `client` must outlive it.
std::unique_ptr<Transport> http_transport(http::Client& client, std::string authorization);

/// The methods of a server. Fill before serving, const afterwards.
class Methods {
 public:
  using Method =
      std::function<boost::json::value(const boost::json::object& params, std::stop_token)>;
  void add(std::string name, Method method);

  /// Answers one HTTP request (one call; a batch is refused with -32600). Faults become JSON-RPC
  /// errors; anything else thrown becomes -32603 with `Internal server error` and is logged.
  http::Response answer(const http::Request& request, std::stop_token stop) const;
  /// The same for a call that does not come by HTTP (simulation).
  boost::json::value answer(const boost::json::value& message, std::stop_token stop) const;

 private:
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace rpc
