#pragma once
#include <stdexcept>
#include <string>

namespace inspector {

/// What can go wrong for a client of the API. error.cc holds the one table of HTTP status and RPC
/// code.
enum class Errc {
  kBadRequest = 1,    ///< 400
  kUnauthorized,      ///< 401
  kForbidden,         ///< 403
  kNotFound,          ///< 404
  kMethodNotAllowed,  ///< 405
  kNotAcceptable,     ///< 406
  kConflict,          ///< 409
  kProcessing,        ///< 500 with its text: an unexpected failure while a report was processed
  kInternal,          ///< 500 `Internal server error`
  kUnavailable,       ///< 503 with Retry-After: may succeed if repeated
};

/// The one exception type of the inspector; what() is the text a client sees, upstream's to the
/// letter where upstream has one.
class Error : public std::runtime_error {
 public:
  Error(Errc code, const std::string& text) : std::runtime_error(text), code_(code) {}
  Errc code() const noexcept { return code_; }

 private:
  Errc code_;
};

int http_status(Errc code) noexcept;
int rpc_code(Errc code) noexcept;       ///< JSON-RPC error code, > 0
Errc from_rpc_code(int code) noexcept;  ///< kInternal for one nobody knows

}  // namespace inspector
