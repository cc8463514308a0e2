#pragma once
#include "base/env.h"

#include <string>
#include <string_view>

namespace tooz::etcd {

/// gRPC's status codes, with its numbers.
enum class Code : int {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

/// How a call ended.
struct Status {
  Code code = Code::kOk;
  std::string message;

  bool ok() const noexcept { return code == Code::kOk; }
};

/// The value of `grpc-status`; kUnknown for what is no known code.
Code code_from_header(std::string_view digits) noexcept;

/// What an HTTP status other than 200 means where no `grpc-status` came along: a proxy answered.
Code code_from_http(int status) noexcept;

/// Undoes the escapes of `grpc-message`; a `%` that starts no escape stays as it is.
std::string percent_decode(std::string_view text);

/// The value of `grpc-timeout`, rounded up to whole milliseconds and at least one.
std::string timeout_header(base::Env::Duration timeout);

}  // namespace tooz::etcd
