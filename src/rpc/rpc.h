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
class Sender;
}  // namespace http

/// JSON-RPC 2.0 over HTTP POST. Messages carry a version; members nobody knows are ignored.
namespace rpc {

/// JSON-RPC's own error codes.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kUnknownMethod = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;

/// The version of the methods that a call is made with: upstream's of the same calls.
inline constexpr std::string_view kVersion = "1.3";

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
  /// Returns the result. Throws Fault, or Unavailable at `deadline` at the latest, and at once when
  /// `stop` is requested.
  virtual boost::json::value call(const std::string& endpoint, std::string_view method,
                                  const boost::json::object& params, base::Env::TimePoint deadline,
                                  std::stop_token stop) = 0;
};

/// An endpoint is a URL as http::Sender takes it. `sender` must outlive it. A server that refuses
/// by HTTP status (busy, not authorized, too large) has not executed the call.
std::unique_ptr<Transport> http_transport(http::Sender& sender);

/// The message of a call, and what its answer says: the result, or a Fault; Unavailable (executed)
/// when it is no answer to call `id`. For transports.
boost::json::object make_call(std::int64_t id, std::string_view method,
                              const boost::json::object& params);
boost::json::value result_of(const boost::json::value& answer, std::int64_t id);

/// The methods of a server. Fill before serving, const afterwards.
class Methods {
 public:
  /// Validates its params itself: throws Fault with kInvalidParams. May block. What it returns is
  /// the result.
  using Method =
      std::function<boost::json::value(const boost::json::object& params, std::stop_token)>;
  void add(std::string name, Method method);

  /// Answers one HTTP request (one call; a batch is refused with -32600): 200 whatever the call
  /// says, 400 when there is none to be made out, 405 for anything but POST. Faults become JSON-RPC
  /// errors; anything else thrown becomes -32603 with `Internal server error` and is logged.
  http::Response answer(const http::Request& request, std::stop_token stop) const;
  /// The same for a call that does not come by HTTP (simulation).
  boost::json::value answer(const boost::json::value& message, std::stop_token stop) const;

 private:
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace rpc
