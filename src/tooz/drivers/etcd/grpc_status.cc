#include "tooz/drivers/etcd/grpc_status.h"

#include <algorithm>
#include <charconv>

namespace tooz::etcd {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Code code_from_header(std::string_view digits) noexcept {
  int number = -1;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  const bool whole = error == std::errc() && stop == end;
  if (!whole || number < 0 || number > static_cast<int>(Code::kUnauthenticated))
    return Code::kUnknown;
  return static_cast<Code>(number);
}

Code code_from_http(int status) noexcept {
  switch (status) {
    case 400:
      return Code::kInternal;
    case 401:
      return Code::kUnauthenticated;
    case 403:
      return Code::kPermissionDenied;
    case 404:
      return Code::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code::kUnavailable;
    default:
      return Code::kUnknown;
  }
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string timeout_header(base::Env::Duration timeout) {
  // The protocol allows eight digits.
  constexpr std::chrono::milliseconds kMost(99'999'999);
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  return std::to_string(std::clamp(rounded, std::chrono::milliseconds(1), kMost).count()) + "m";
}

}  // namespace tooz::etcd
