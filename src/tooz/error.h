#pragma once
#include <string>
#include <system_error>

namespace tooz {

/// Why an operation could not do its task. Stable names: callers branch on them, logs show them.
/// An ordinary negative answer ("somebody else holds it") is a return value, never one of these.
enum class Errc {
  kUnreachable = 1,  ///< no answer from the backend; a write MAY have taken effect
  kSessionLost,      ///< our lease ran out; everything bound to it is gone
  kDenied,           ///< the backend refused our credentials or rights; retrying does not help
  kNoSuchGroup,
  kBadName,     ///< empty, with '/' or NUL, too long, not UTF-8
  kTooLarge,    ///< more bytes than the backend takes
  kUnsuitable,  ///< the driver lacks a characteristic that was asked for
  kBadUrl,
  kOtherPermits,  ///< others use this semaphore with another number of permits
  kBadWeight,     ///< a member's weight in a partition is no number from 0 to 1000
};

std::error_code make_error_code(Errc code) noexcept;

/// The one exception type of the library; what() names the backend and the key, never a password.
class Error : public std::system_error {
 public:
  Error(Errc code, const std::string& context)
      : std::system_error(make_error_code(code), context) {}
};

}  // namespace tooz

template <>
struct std::is_error_code_enum<tooz::Errc> : std::true_type {};
